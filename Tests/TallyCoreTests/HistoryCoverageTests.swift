import TallyCore
import TallySimulator
import Testing

/// What happens in random histories: laws over histories in which nothing happens would hold as well.
struct HistoryCoverageTests {
    @Test("random histories hold everything that the laws speak of")
    func everythingHappens() throws {
        var counts = Counts()
        for seed in 1...400 as ClosedRange<UInt64> {
            let history = HistoryGenerator.history(seed: seed)
            var world = ModelWorld(history)
            var player = HistoryPlayer(history)
            try player.playAll(on: &world)
            counts.add("half-synced", Set(world.copies.map(\.vector)).count > 1)
            counts.numbers["undos", default: 0] += player.undos.count
            try player.syncEverybody(on: &world)
            counts.addOperations(of: world)
            counts.addConflicts(of: world.copies[0])
            counts.addRecords(of: world.copies[0])
        }
        let least = [
            "half-synced": 300, "changesets": 4000, "times that tie": 800,
            "op add": 700, "op delete": 300, "op remove": 600, "op reopen": 60, "op restore": 150,
            "op set": 3000, "add/add": 20, "edit/edit": 150, "delete/edit": 90, "sides 2": 200,
            "sides 3": 15, "shared side": 100, "reopened sides": 10, "tied sides": 40, "gone": 30,
            "there": 400, "beaten by newest": 25, "beaten by max": 10, "beaten by min": 10,
            "beaten by fill": 10, "beaten by vintage": 2, "beaten beside a conflict": 5,
            "in beats out": 80, "undos": 100,
        ]
        for (what, number) in least {
            #expect(counts.numbers[what, default: 0] >= number, "\(what)")
        }
    }

    private struct Counts {
        var numbers: [String: Int] = [:]

        mutating func add(_ what: String, _ happened: Bool = true) {
            if happened { numbers[what, default: 0] += 1 }
        }

        mutating func addOperations(of world: ModelWorld) {
            numbers["changesets", default: 0] += world.changesets.count
            numbers["times that tie", default: 0] +=
                world.changesets.count - Set(world.changesets.map(\.at)).count
            for edit in world.changesets.flatMap(\.edits) { add("op \(edit.operation.name)") }
        }

        mutating func addConflicts(of copy: ModelCopy) {
            for conflict in copy.conflicts() {
                let sides = conflict.sides
                let revisions = Set(sides.map(\.revision))
                add(conflict.what.rawValue)
                add("sides \(sides.count)")
                add("shared side", sides.contains { $0.revisions.count > 1 })
                add("reopened sides", revisions.count < sides.count)
                add("tied sides", Set(revisions.map(copy.time)).count < revisions.count)
            }
        }

        mutating func addRecords(of copy: ModelCopy) {
            for (address, state) in copy.records {
                add(state.isGone ? "gone" : "there")
                for versions in state.elements.values {
                    add("in beats out", Set(versions.map(\.content)).count > 1)
                }
                for (name, versions) in state.statements {
                    let statement = copy.kinds.statement(name, ofKind: address.kind)
                    let policy = copy.policies.policy(of: statement, kind: address.kind)
                    guard
                        let verdict = versions.verdict(
                            of: statement, policy: policy, at: copy.time(of:)),
                        !verdict.beaten.isEmpty
                    else { continue }
                    add("beaten by \(policy)")
                    add("beaten beside a conflict", verdict.isConflict)
                }
            }
        }
    }
}
