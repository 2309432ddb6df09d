import TallyCore
import TallySimulator
import Testing

/// Single rules of DESIGN.md section 4 on the state itself; the merge cases of SyncFixtures say the rest.
struct RecordStateTests {
    private let a = ReplicaID(letter: "a")
    private let b = ReplicaID(letter: "b")
    private let c = ReplicaID(letter: "c")

    private func author(_ replica: ReplicaID, _ seq: Int, seen: (ReplicaID, Int)...) -> Coverage {
        var vector = RevisionVector()
        for (replica, seq) in seen { vector[replica] = seq }
        return Coverage(of: Revision(replica, seq), seen: vector)
    }

    private func set(_ text: String) -> RecordEdit { .set(statement: "note", value: [.text(text)]) }

    @Test("a new state is empty, and neither visible nor gone")
    func empty() {
        let state = RecordState()
        #expect(state.isEmpty && !state.isVisible && !state.isGone)
        #expect(state.revisions.isEmpty)
        #expect(state.existenceVerdict { _ in Timestamp(milliseconds: 0) } == nil)
    }

    @Test("versions are kept sorted by replica, however they arrive")
    func sorted() {
        var (one, other) = (RecordState(), RecordState())
        let authors = [author(a, 1), author(b, 1), author(c, 1)]
        for author in authors { one.apply(set(author.revision.brief), by: author) }
        for author in authors.reversed() { other.apply(set(author.revision.brief), by: author) }
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one.existence.map(\.revision.replica) == [a, b, c])
        #expect(one.statements["note"]?.versions.map(\.revision.replica) == [a, b, c])
    }

    @Test("a revision that touches a record several times leaves one existence version")
    func oneExistence() {
        var state = RecordState()
        let author = author(a, 1)
        state.apply(.restore, by: author)
        state.apply(set("x"), by: author)
        state.apply(.add(Element(field: "tags", text: "t")), by: author)
        #expect(state.existence == [Version(.present, Revision(a, 1))])
        #expect(state.revisions == [Revision(a, 1)])
    }

    @Test("the order of restore and set in one changeset does not matter")
    func restoreAndSet() {
        var (one, other) = (RecordState(), RecordState())
        for edit in [.restore, set("x")] { one.apply(edit, by: author(b, 1, seen: (a, 2))) }
        for edit in [set("x"), .restore] { other.apply(edit, by: author(b, 1, seen: (a, 2))) }
        #expect(one == other)
    }

    @Test("reopen keeps the order of its versions, and one of each value")
    func reopen() {
        var state = RecordState()
        let values: [[Value]] = [[.text("z")], [.text("a")], [.text("z")]]
        state.apply(.reopen(statement: "note", versions: values), by: author(a, 1))
        let versions = state.statements["note"]?.versions ?? []
        #expect(versions.map(\.content) == [[.text("z")], [.text("a")]])
        #expect(versions.map(\.order) == [0, 1])
        #expect(state.existence.isEmpty, "reopen does not assert existence")
    }

    @Test(
        "a reopen adds to what its own revision has written, and stands among the others by replica"
    )
    func reopenAmongOthers() {
        var state = RecordState()
        for (texts, author) in [
            (["q", "p"], author(b, 1)), (["z"], author(a, 1)), (["y", "z", "x"], author(a, 1)),
        ] {
            state.apply(
                .reopen(statement: "note", versions: texts.map { [.text($0)] }), by: author)
        }
        let versions = state.statements["note"]?.versions ?? []
        #expect(
            versions.map(\.content)
                == ["z", "y", "x", "q", "p"].map { [Value.text($0)] })
        #expect(versions.map(\.order) == [0, 1, 2, 0, 1])
    }

    @Test("a statement has history once anything of it was covered, in whatever order it arrives")
    func history() {
        var state = RecordState()
        state.apply(set("x"), by: author(a, 1))
        state.apply(set("y"), by: author(b, 1))
        #expect(state.statements["note"]?.hasHistory == false)
        state.apply(set("z"), by: author(c, 1, seen: (a, 1)))
        #expect(state.statements["note"]?.hasHistory == true)
        #expect(state.statements["note"]?.versions.map(\.revision.replica) == [b, c])
    }

    @Test("elements are listed by bytes, field by field, and only those that are in")
    func elements() {
        var state = RecordState()
        for text in ["é", "e\u{301}", "b", "a"] {
            state.apply(.add(Element(field: "tags", text: text)), by: author(a, 1))
        }
        state.apply(.add(Element(field: "links", text: "a")), by: author(a, 1))
        state.apply(.remove(Element(field: "tags", text: "b")), by: author(b, 1, seen: (a, 1)))
        #expect(state.elements(of: "tags").map(\.utf8.count) == [1, 3, 2])
        #expect(state.elements(of: "links") == ["a"])
        #expect(state.elements(of: "none").isEmpty)
        #expect(state.occupiedSetFields == ["tags", "links"])
    }

    @Test("a deleted record keeps what was there")
    func deletedKeeps() {
        var state = RecordState()
        state.apply(set("x"), by: author(a, 1))
        state.apply(.delete, by: author(b, 1, seen: (a, 1)))
        #expect(state.isGone && !state.isVisible)
        #expect(state.statements["note"]?.versions.map(\.content) == [[.text("x")]])
        #expect(state.existence.map(\.content) == [.deleted])
    }
}

struct VerdictTests {
    private func revision(_ letter: Character, _ seq: Int = 1) -> Revision {
        Revision(ReplicaID(letter: letter), seq)
    }

    private func verdict(
        _ versions: [Version<[Value]>], _ times: [Revision: Int64]
    ) throws -> Verdict<[Value]> {
        let verdict = StatementState(versions: versions).verdict(
            of: Kind.Statement(fields: ["note"]), policy: .manual
        ) { Timestamp(milliseconds: times[$0] ?? 0) }
        return try #require(verdict)
    }

    @Test("sides stand by time, ties by replica id; the last is the provisional winner")
    func order() throws {
        let versions = [
            Version([Value.text("a")], revision("a")), Version([.text("b")], revision("b")),
            Version([.text("c")], revision("c")),
        ]
        let tied = try verdict(versions, [:])
        #expect(tied.sides.map(\.content) == [[.text("a")], [.text("b")], [.text("c")]])
        #expect(tied.winner.revision == revision("c"))
        let timed = try verdict(versions, [revision("a"): 2, revision("b"): 1, revision("c"): 0])
        #expect(timed.sides.map(\.content) == [[.text("c")], [.text("b")], [.text("a")]])
        #expect(timed.winner.revision == revision("a"))
        #expect(timed.isConflict && timed.beaten.isEmpty)
    }

    @Test("the same versions in another order give the same verdict")
    func anyOrder() throws {
        var random = SeededGenerator(seed: 15)
        for _ in 0..<300 {
            let versions = "abcdef".map { letter in
                Version([Value.number(Double(random.below(3)))], revision(letter))
            }
            let times = Dictionary(
                uniqueKeysWithValues: versions.map { ($0.revision, Int64(random.below(3))) })
            let expected = try verdict(versions, times)
            #expect(try verdict(random.shuffled(versions), times) == expected)
            #expect(expected.sides.flatMap(\.versions).count == versions.count)
        }
    }

    @Test("authors of equal values share a side, which stands where its latest version stands")
    func shared() throws {
        let versions = [
            Version([Value.text("x")], revision("a")), Version([.text("y")], revision("b")),
            Version([.text("x")], revision("c")),
        ]
        let verdict = try verdict(
            versions, [revision("a"): 1, revision("b"): 2, revision("c"): 3])
        #expect(verdict.sides.map(\.content) == [[.text("y")], [.text("x")]])
        #expect(verdict.sides[1].versions.map(\.revision) == [revision("c"), revision("a")])
        #expect(verdict.sides[1].latest.revision == revision("c"))
    }

    @Test("one distinct value is clean, whoever wrote it")
    func clean() throws {
        let versions = ["a", "b"].map { Version([Value.null], revision($0)) }
        #expect(try !verdict(versions, [:]).isConflict)
        let none = StatementState().verdict(
            of: Kind.Statement(fields: ["note"]), policy: .manual
        ) { _ in Timestamp(milliseconds: 0) }
        #expect(none == nil)
    }

    @Test("two versions of one replica with one time stand by seq: a forged clock changes nothing")
    func forgedTimes() throws {
        // Only existence can hold two of one replica: it deleted, others edited, it edited again.
        var state = RecordState()
        let at = { (_: Revision) in Timestamp(milliseconds: 5) }
        state.existence = [
            Version(.deleted, revision("a", 1)), Version(.present, revision("a", 2)),
        ]
        #expect(try #require(state.existenceVerdict(at: at)).winner.content == .present)
        state.existence.reverse()
        #expect(try #require(state.existenceVerdict(at: at)).winner.content == .present)
    }
}
