import TallyCore
import TallySimulator
import Testing

struct RevisionVectorTests {
    private func vector(_ seqs: (Character, Int)...) -> RevisionVector {
        var result = RevisionVector()
        for (letter, seq) in seqs { result[ReplicaID(letter: letter)] = seq }
        return result
    }

    private func revision(_ letter: Character, _ seq: Int) -> Revision {
        Revision(ReplicaID(letter: letter), seq)
    }

    @Test("a vector is written sorted by replica and reads back")
    func text() {
        let written = vector(("b", 3), ("a", 7))
        #expect(written.text == "aaaaaaaaaaaaaaaa:7,bbbbbbbbbbbbbbbb:3")
        #expect(RevisionVector(written.text) == written)
        #expect(RevisionVector("") == RevisionVector())
        #expect(RevisionVector().text.isEmpty)
        #expect("\(written)" == written.text)
    }

    @Test(
        "what is no vector is refused",
        arguments: [
            ",", "aaaaaaaaaaaaaaaa:1,", ",aaaaaaaaaaaaaaaa:1", "aaaaaaaaaaaaaaaa:0", "a:1",
            "bbbbbbbbbbbbbbbb:3,aaaaaaaaaaaaaaaa:7",
            "aaaaaaaaaaaaaaaa:1,aaaaaaaaaaaaaaaa:2",
            " aaaaaaaaaaaaaaaa:1",
            "aaaaaaaaaaaaaaaa:1, bbbbbbbbbbbbbbbb:1",
            "aaaaaaaaaaaaaaaa:1;bbbbbbbbbbbbbbbb:1",
        ])
    func refused(text: String) {
        #expect(RevisionVector(text) == nil)
    }

    @Test("a replica that is absent counts as 0, and 0 is absent")
    func absent() {
        var some = vector(("a", 1))
        #expect(some[ReplicaID(letter: "b")] == 0)
        #expect(!some.contains(revision("b", 1)))
        some[ReplicaID(letter: "a")] = 0
        #expect(some.isEmpty)
        #expect(some == RevisionVector())
        #expect(some.replicas.isEmpty)
    }

    @Test("a vector contains a revision and all before it; an older one changes nothing")
    func contains() {
        var some = vector(("a", 3))
        #expect(some.contains(revision("a", 1)))
        #expect(some.contains(revision("a", 3)))
        #expect(!some.contains(revision("a", 4)))
        some.insert(revision("a", 2))
        #expect(some == vector(("a", 3)))
        some.insert(revision("a", 5))
        #expect(some == vector(("a", 5)))
    }

    @Test("two vectors stand to each other in one of four ways")
    func fourOrders() {
        let both = vector(("a", 1), ("b", 2))
        let table: [(RevisionVector, RevisionVector, RevisionVector.Order)] = [
            (RevisionVector(), RevisionVector(), .same),
            (both, vector(("b", 2), ("a", 1)), .same),
            (RevisionVector(), both, .before),
            (vector(("a", 1)), both, .before),
            (vector(("a", 1), ("b", 1)), both, .before),
            (both, vector(("b", 2)), .after),
            (both, vector(("a", 2)), .concurrent),
            (vector(("a", 1)), vector(("b", 1)), .concurrent),
            (vector(("a", 2), ("b", 1)), both, .concurrent),
        ]
        for (a, b, expected) in table {
            #expect(a.order(to: b) == expected, "\(a.brief) to \(b.brief)")
        }
    }

    @Test("merging is commutative, associative, idempotent and the least that holds both")
    func mergeLaws() {
        var random = SeededGenerator(seed: 2)
        func some() -> RevisionVector {
            var result = RevisionVector()
            for letter in "abcd" { result[ReplicaID(letter: letter)] = random.below(4) }
            return result
        }
        for _ in 0..<2000 {
            let (a, b, c) = (some(), some(), some())
            let merged = a.merged(with: b)
            #expect(merged == b.merged(with: a))
            #expect(merged.merged(with: c) == a.merged(with: b.merged(with: c)))
            #expect(a.merged(with: a) == a)
            #expect(a.merged(with: RevisionVector()) == a)
            #expect([.same, .before].contains(a.order(to: merged)))
            for letter in "abcd" {
                let replica = ReplicaID(letter: letter)
                #expect(merged[replica] == max(a[replica], b[replica]))
            }
            #expect(RevisionVector(a.text) == a)
        }
    }

    @Test("orders mirror each other, and before is transitive")
    func orderLaws() {
        var random = SeededGenerator(seed: 3)
        func some() -> RevisionVector {
            var result = RevisionVector()
            for letter in "abc" { result[ReplicaID(letter: letter)] = random.below(3) }
            return result
        }
        let mirror: [RevisionVector.Order: RevisionVector.Order] = [
            .same: .same, .before: .after, .after: .before, .concurrent: .concurrent,
        ]
        var met: Set<RevisionVector.Order> = []
        for _ in 0..<3000 {
            let (a, b, c) = (some(), some(), some())
            let order = a.order(to: b)
            met.insert(order)
            #expect(b.order(to: a) == mirror[order])
            #expect((order == .same) == (a == b))
            if order == .before, b.order(to: c) == .before { #expect(a.order(to: c) == .before) }
        }
        #expect(met.count == 4)
    }
}

struct CoverageTests {
    private func revision(_ letter: Character, _ seq: Int) -> Revision {
        Revision(ReplicaID(letter: letter), seq)
    }

    @Test("a revision covers what it has seen, and the earlier revisions of its own replica")
    func covers() {
        var seen = RevisionVector()
        seen.insert(revision("b", 2))
        let author = Coverage(of: revision("a", 3), seen: seen)
        #expect(author.covers(revision("a", 1)))
        #expect(author.covers(revision("a", 2)))
        #expect(!author.covers(revision("a", 3)), "nothing covers itself")
        #expect(!author.covers(revision("a", 4)))
        #expect(author.covers(revision("b", 1)))
        #expect(author.covers(revision("b", 2)))
        #expect(!author.covers(revision("b", 3)))
        #expect(!author.covers(revision("c", 1)))
    }
}
