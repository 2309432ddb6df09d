import StoreTestSupport
import TallyCore
import TallySimulator
import TallyStore
import Testing

/// What the history says, against reading the whole log, over random histories.
///
/// `TALLY_SEED=17 TALLY_HISTORIES=1 swift test --filter HistoryLawTests` replays history 17.
struct HistoryLawTests {
    private static let firstSeed = StoreLawTests.environment("TALLY_SEED") ?? 1
    private static let count = StoreLawTests.environment("TALLY_HISTORIES") ?? 4

    @Test("the history of a record comes to its state, and comparisons find all that differs")
    func randomHistories() throws {
        for seed in Self.firstSeed..<(Self.firstSeed + Self.count) {
            let history = StoreLawTests.history(seed)
            let folder = try TestFolder()
            var stage = try DatasetStage(history, in: folder)
            defer { stage.close() }
            var player = HistoryPlayer(history)
            try player.playAll(on: &stage)
            for copy in stage.copies {
                let faults = try copy.dataset.read { try Self.faults($0, seed: seed) }
                guard faults.isEmpty else {
                    Issue.record("history \(seed): \(faults.prefix(3).joined(separator: "; "))")
                    return
                }
            }
        }
    }

    private static func faults(_ access: DatasetAccess, seed: UInt64) throws -> [String] {
        let infos = try access.changesets(ChangesetFilter(), limit: .max)
        guard !infos.isEmpty else { return [] }
        var faults: [String] = []
        let edited = try infos.map { try Self.records($0, access) }
        let records = edited.reduce(into: Set()) { $0.formUnion($1) }
        for address in records {
            let history = try access.history(of: address)
            if try history.state() != access.view(address).state {
                faults.append("\(address): its history comes to another state")
            }
            let positions = history.entries.map(\.info.position)
            let expected = zip(infos, edited).filter { $1.contains(address) }.map(\.0.position)
            if positions != expected.reversed() {
                faults.append("\(address): \(positions) for \(expected)")
            }
        }
        var random = SeededGenerator(seed: seed)
        let moments = try (0..<4).map { _ in try Self.moment(infos, access, &random) } + [.now]
        for a in moments {
            for b in moments {
                let expected = try records.filter { try Self.differs($0, a, b, access) }
                for chunk in [1, 10_000] {
                    var found: [RecordAddress] = []
                    try access.compare(a, b, chunk: chunk) { found += $0.map(\.address) }
                    if found.count != expected.count || Set(found) != expected {
                        faults.append("\(a) to \(b): \(found) instead of \(expected)")
                    }
                }
            }
        }
        return faults
    }

    private static func records(
        _ info: RevisionInfo, _ access: DatasetAccess
    ) throws -> Set<RecordAddress> {
        Set(
            try access.changeset(at: info.position).edits.flatMap { edit in
                edit.rows.map { RecordAddress(kind: edit.kind, key: $0.key) }
            })
    }

    private static func moment(
        _ infos: [RevisionInfo], _ access: DatasetAccess, _ random: inout SeededGenerator
    ) throws -> HistoryMoment {
        let info = infos[random.below(infos.count)]
        switch random.below(3) {
        case 0: return .revision(try access.coverage(of: info.revision))
        case 1: return .time(Timestamp(milliseconds: info.at.milliseconds - Int64(random.below(2))))
        default: return .vector(try access.coverage(of: info.revision).seen)
        }
    }

    private static func differs(
        _ address: RecordAddress, _ a: HistoryMoment, _ b: HistoryMoment, _ access: DatasetAccess
    ) throws -> Bool {
        let history = try access.history(of: address)
        let views = try [a, b].map { moment in
            try access.view(address, in: history.state { moment.contains($0.info) })
        }
        guard views[0].isVisible, views[1].isVisible else {
            return views[0].isVisible != views[1].isVisible
        }
        return try access.contents(of: views[0]) != access.contents(of: views[1])
            || Set(views[0].conflicts.map(\.statement)) != Set(views[1].conflicts.map(\.statement))
    }
}
