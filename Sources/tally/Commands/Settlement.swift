import TallyCore
import TallyStore

/// Conflicts that were settled as somebody was shown them, in one changeset.
struct Settlement {
    let plan: [Resolution]
    let written: Written

    /// The sides are no longer those that were shown.
    struct Stale: Error {}

    /// - Throws: `Stale` when somebody has written meanwhile; nothing is written then.
    init(
        of shown: [Conflict], note: String?, _ context: CommandContext,
        _ resolution: (Resolver, Conflict) throws -> Resolution
    ) throws {
        var plan: [Resolution] = []
        written = try context.withDataset { dataset in
            let workplace = try context.workplace()
            return try dataset.write(at: workplace) { editor in
                let resolver = Resolver(editor.reading, workplace)
                plan = try shown.map { old in
                    let now = try editor.reading.conflict(over: old.statement, of: old.record)
                    guard let now, now.sidesText == old.sidesText else { throw Stale() }
                    return try resolution(resolver, now)
                }
                try editor.settle(plan, note: note)
            }
        }
        self.plan = plan
    }
}

extension DatasetAccess {
    /// - Returns: nil where there is none any more.
    func conflict(over statement: String, of record: RecordAddress) throws -> Conflict? {
        try view(record).conflicts.first { $0.statement == statement }
    }
}
