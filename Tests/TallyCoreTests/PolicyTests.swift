import TallyCore
import TallySimulator
import Testing

/// Each policy is a strict partial order on versions (DESIGN.md section 4, Clean).
struct PolicyTests {
    private let statement = Kind.Statement(fields: ["value", "unit", "released"], vintage: 2)

    private struct Candidate: CustomStringConvertible {
        let version: Version<[Value]>
        let at: Timestamp

        var description: String {
            "\(version.content) by \(version.revision.brief) at \(at.milliseconds)"
        }
    }

    /// Few values, so that equal and incomparable ones are frequent.
    private func candidates(_ count: Int, seed: UInt64) -> [Candidate] {
        var random = SeededGenerator(seed: seed)
        let firsts: [Value] = [
            .null, .number(0), .number(-0.0), .number(-3), .number(7.5), .text("x"), .text("2022"),
            .text("2023"), .text("2023-09"), .text("2023-09-23"), .text("2024-01"), .opaque("[1]"),
        ]
        let dates: [Value] = [
            .null, .text("2022"), .text("2023"), .text("2023-09"), .text("2023-09-23"),
            .text("2023-10"), .text("2024"),
        ]
        return (0..<count).map { index in
            let letter = random.pick(Array("abcdefgh"))
            let unit = random.pick([Value.null, .text("USD")])
            let content = [random.pick(firsts), unit, random.pick(dates)]
            return Candidate(
                version: Version(content, Revision(ReplicaID(letter: letter), index + 1)),
                at: Timestamp(milliseconds: Int64(random.below(4))))
        }
    }

    private func beats(_ a: Candidate, _ b: Candidate, _ policy: Policy) -> Bool {
        let state = StatementState(versions: [a.version, b.version])
        let verdict = state.verdict(of: statement, policy: policy) { revision in
            revision == a.version.revision ? a.at : b.at
        }
        return verdict?.beaten.contains(b.version) == true
    }

    @Test("no version beats itself, and no two beat each other", arguments: Policy.allCases)
    func asymmetric(policy: Policy) {
        for a in candidates(90, seed: 9) {
            #expect(!beats(a, a, policy), "\(a)")
            for b in candidates(90, seed: 10) where b.version.revision != a.version.revision {
                #expect(!(beats(a, b, policy) && beats(b, a, policy)), "\(a), \(b)")
            }
        }
    }

    @Test("what beats a version beats all that it beats", arguments: Policy.allCases)
    func transitive(policy: Policy) {
        let all = candidates(70, seed: 11)
        var chains = 0
        for a in all {
            for b in all where b.version != a.version && beats(a, b, policy) {
                for c in all where c.version != b.version && beats(b, c, policy) {
                    chains += 1
                    #expect(a.version != c.version && beats(a, c, policy), "\(a), \(b), \(c)")
                }
            }
        }
        // fill has two steps only, and manual none.
        #expect((chains > 0) == (policy != .manual && policy != .fill))
    }

    @Test("equal values do not beat each other, except that newest looks at time alone")
    func equalValues() {
        for a in candidates(60, seed: 12) {
            for policy in Policy.allCases where policy != .newest {
                let twin = Candidate(
                    version: Version(a.version.content, Revision(ReplicaID(letter: "z"), 1)),
                    at: Timestamp(milliseconds: 9))
                #expect(!beats(a, twin, policy) && !beats(twin, a, policy), "\(policy) \(a)")
            }
        }
    }

    @Test("newest leaves one version, whatever was written, unless one revision wrote several")
    func newestIsTotal() {
        for a in candidates(60, seed: 13) {
            for b in candidates(60, seed: 14)
            where b.version.revision.replica != a.version.revision.replica {
                #expect(beats(a, b, .newest) != beats(b, a, .newest), "\(a), \(b)")
            }
        }
        let revision = Revision(ReplicaID(letter: "a"), 1)
        let at = Timestamp(milliseconds: 0)
        let (x, y) = (
            Candidate(version: Version([.number(1)], revision, order: 0), at: at),
            Candidate(version: Version([.number(2)], revision, order: 1), at: at)
        )
        #expect(!beats(x, y, .newest) && !beats(y, x, .newest))
    }

    @Test("each policy by example")
    func table() {
        let table: [(Policy, winner: [Value], loser: [Value], settled: Bool)] = [
            (.max, [.number(2), .null, .null], [.number(1), .null, .null], true),
            (.max, [.number(-5), .null, .null], [.null, .null, .null], true),
            (.max, [.text("2024"), .null, .null], [.text("2023-12-31"), .null, .null], true),
            (.max, [.text("2023-09"), .null, .null], [.text("2023"), .null, .null], false),
            (.max, [.text("b"), .null, .null], [.text("a"), .null, .null], false),
            (.max, [.number(1), .null, .null], [.text("2023"), .null, .null], false),
            (.min, [.number(1), .null, .null], [.number(2), .null, .null], true),
            (.min, [.number(2), .null, .null], [.null, .null, .null], true),
            (.min, [.text("2022"), .null, .null], [.text("2023-01"), .null, .null], true),
            (.fill, [.null, .text("USD"), .null], [.null, .null, .null], true),
            (.fill, [.number(1), .null, .null], [.null, .text("USD"), .null], false),
            (.vintage, [.null, .null, .text("2024")], [.null, .null, .text("2023-12")], true),
            (.vintage, [.null, .null, .text("2024-01")], [.null, .null, .text("2024")], false),
            (.vintage, [.null, .null, .text("2024")], [.null, .null, .null], false),
            (.manual, [.number(1), .null, .null], [.null, .null, .null], false),
        ]
        for (policy, winner, loser, settled) in table {
            let at = Timestamp(milliseconds: 0)
            let a = Candidate(
                version: Version(winner, Revision(ReplicaID(letter: "a"), 1)), at: at)
            let b = Candidate(version: Version(loser, Revision(ReplicaID(letter: "b"), 1)), at: at)
            #expect(beats(a, b, policy) == settled, "\(policy): \(winner) over \(loser)")
            #expect(!beats(b, a, policy), "\(policy): \(loser) over \(winner)")
        }
    }

    @Test("vintage settles nothing where the kind declares no date")
    func noVintage() {
        let bare = Kind.Statement(fields: ["value"])
        let versions = ["a", "b"].map {
            Version([Value.text("202\($0 == "a" ? 3 : 4)")], Revision(ReplicaID(letter: $0), 1))
        }
        let verdict = StatementState(versions: versions)
            .verdict(of: bare, policy: .vintage) { _ in Timestamp(milliseconds: 0) }
        #expect(verdict?.isConflict == true)
    }
}
