import TallyCore

/// The laws of DESIGN.md section 4, checked on one history.
///
/// Every violation is a line that begins with the name of the law.
public struct HistoryLaws: Sendable {
    public let history: History
    private var random: SeededGenerator
    private var violations: [String] = []

    public static func violations(of history: History) -> [String] {
        var laws = Self(history: history)
        do {
            try laws.check()
        } catch {
            laws.violations.append("play: \(error)")
        }
        return laws.violations
    }

    private init(history: History) {
        self.history = history
        random = SeededGenerator(seed: history.seed ^ 0x6c61_7773)
    }

    private mutating func check() throws {
        var world = ModelWorld(history)
        var player = HistoryPlayer(history)
        try player.playAll(on: &world)
        // Half-synced copies obey the rules as well as whole ones.
        try checkOracle(on: random.pick(world.copies), of: world)
        try player.syncEverybody(on: &world)
        let first = world.copies[0]
        for copy in world.copies.dropFirst() { compare("converge", copy, with: first) }
        for _ in 0..<2 {
            try compare("order", delivered(world.changesets, on: first), with: first)
        }
        try checkReplays(on: first, of: world)
        let oracle = try checkOracle(on: first, of: world)
        checkNothingIsLost(on: first, oracle)
        checkConflictsAreTrue(on: first, oracle, undos: player.undos)
        checkTimes(of: world)
        for copy in world.copies {
            guard let own = copy.log.last?.revision else { continue }
            for revision in [own, random.pick(copy.log).revision] {
                for fault in try copy.faults(ofUndoing: [revision]) { fail("undo", fault) }
            }
        }
    }

    private mutating func fail(_ law: String, _ text: String) {
        violations.append("\(law): \(text)")
    }

    private mutating func compare(_ law: String, _ copy: ModelCopy, with other: ModelCopy) {
        let pair = "\(copy.replica.brief) and \(other.replica.brief)"
        if copy.vector != other.vector { fail(law, "\(pair) have not integrated the same") }
        if copy.records != other.records {
            let difference = Self.difference(copy.versionLines(), other.versionLines())
            fail(law, "\(pair) differ:\n\(difference)")
        }
        let (texts, otherTexts) = (copy.exportText(), other.exportText())
        if !texts.hasSameBytes(as: otherTexts) {
            fail(law, "exports of \(pair) differ:\n\(texts)\n--\n\(otherTexts)")
        }
        if copy.conflicts() != other.conflicts() { fail(law, "conflicts of \(pair) differ") }
        let ids = copy.conflictPreimages
        if ids != other.conflictPreimages { fail(law, "conflict ids of \(pair) differ") }
        if Set(ids).count != ids.count { fail(law, "two conflicts of \(pair) have one id") }
    }

    private mutating func delivered(
        _ changesets: [ModelChangeset], on like: ModelCopy
    ) throws(ModelFault) -> ModelCopy {
        var copy = ModelCopy(
            replica: ReplicaID(letter: "z"), kinds: like.kinds, policies: like.policies)
        for changeset in changesets.inRandomCausalOrder(using: &random) {
            try copy.integrate(changeset)
            if random.chance(percent: 20) { try copy.integrate(random.pick(copy.log)) }
        }
        return copy
    }

    private mutating func checkReplays(
        on copy: ModelCopy, of world: ModelWorld
    ) throws(ModelFault) {
        var replayed = copy
        for changeset in random.shuffled(world.changesets) {
            if try replayed.integrate(changeset) {
                fail("replay", "\(changeset.revision.brief) was taken in twice")
            }
        }
        compare("replay", replayed, with: copy)
    }

    @discardableResult
    private mutating func checkOracle(
        on copy: ModelCopy, of world: ModelWorld
    ) throws(StatementLayout.Fault) -> HistoryOracle {
        let oracle = try HistoryOracle(
            copy.log, integrated: world.integrated, kinds: copy.kinds, policies: copy.policies)
        let (versions, expected) = (copy.versionLines(), oracle.versionLines())
        if versions != expected {
            fail("oracle versions", Self.difference(versions, expected))
        }
        let (found, right) = (copy.exportText(), oracle.exportText())
        if !found.hasSameBytes(as: right) {
            fail("oracle export", "found:\n\(found)\nexpected:\n\(right)")
        }
        return oracle
    }

    /// Every value, deletion and restore is in force, or covered, or a side of a conflict, or beaten by a policy.
    private mutating func checkNothingIsLost(on copy: ModelCopy, _ oracle: HistoryOracle) {
        for fact in oracle.facts {
            let fate = copy.fate(of: fact)
            if fate == .dropped, oracle.coverers(of: fact).isEmpty {
                fail("nothing lost", "\(fact.text) is neither there nor covered")
            } else if fate == .hidden {
                fail("nothing lost", "\(fact.text) is there, but neither value nor side nor beaten")
            }
        }
    }

    /// No conflict without concurrent different values.
    ///
    /// - Parameter undos: the undo of a deletion that settled a dispute puts both side by side again, knowing them.
    private mutating func checkConflictsAreTrue(
        on copy: ModelCopy, _ oracle: HistoryOracle, undos: Set<Revision>
    ) {
        for conflict in copy.conflicts() {
            let sides = conflict.sides
            if sides.count < 2 || Set(sides.map(\.content)).count != sides.count {
                fail("no false conflict", "\(conflict.brief) has no different values")
            }
            let isTrue =
                conflict.what == .deleteEdit
                ? history.isUnruly || oracle.hasConcurrentEdit(conflict)
                    || oracle.isEdited(conflict.record, by: undos)
                : oracle.areConcurrent(sides.flatMap(\.revisions))
            if !isTrue { fail("no false conflict", "\(conflict.brief) is not concurrent") }
        }
    }

    /// A time is later than all that its copy had integrated, of others where no clock is a day ahead.
    private mutating func checkTimes(of world: ModelWorld) {
        let times = Dictionary(uniqueKeysWithValues: world.changesets.map { ($0.revision, $0.at) })
        let areClocksFollowed = history.skewsMs.allSatisfy { $0 < Timestamp.followedAheadMs / 2 }
        for changeset in world.changesets {
            for seen in world.integrated[changeset.revision] ?? [] {
                guard areClocksFollowed || seen.replica == changeset.revision.replica,
                    let time = times[seen], time >= changeset.at
                else { continue }
                fail("time", "\(changeset.revision.brief) is not later than \(seen.brief)")
            }
        }
    }

    private static func difference(_ found: [String], _ expected: [String]) -> String {
        let (extra, missing) = (
            found.filter { !expected.contains($0) }, expected.filter { !found.contains($0) }
        )
        return (extra.map { "  found only: \($0)" } + missing.map { "  expected: \($0)" })
            .joined(separator: "\n")
    }
}
