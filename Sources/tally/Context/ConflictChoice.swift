import ArgumentParser
import TallyCore
import TallyStore

/// The options that say which conflicts are meant.
struct ConflictChoice: ParsableArguments {
    @Option(
        name: .customLong("where"),
        help: "An SQL condition over the columns of the record, author, at and field.")
    var condition: String?

    @Option(help: "Of records of one kind only.")
    var kind: String?

    @Option(help: "Over one field only; - for a deletion beside an edit.")
    var field: String?

    @Option(help: "With a side by this person: a name, or name@machine.")
    var author: String?

    @Option(help: "With a side since then: a date, today, yesterday, 2h, 3d.")
    var since: String?

    var isEmpty: Bool { [condition, kind, field, author, since].allSatisfy { $0 == nil } }

    /// - Throws: `Failure` and `StoreError` for what is no condition, no kind, no field and no time.
    func filter(in access: DatasetAccess, _ context: CommandContext) throws -> ConflictFilter {
        if let kind { _ = try access.kinds.required(kind) }
        let person = try access.filter(author: author)
        return ConflictFilter(
            kind: kind, field: field, author: person.author, machine: person.machine,
            since: try since.map { try context.since($0) }, condition: condition)
    }

    /// The open conflicts that are meant.
    func conflicts(in access: DatasetAccess, _ context: CommandContext) throws -> [Conflict] {
        let filter = try filter(in: access, context)
        return try UserSQL.reporting(condition) { try access.conflicts(filter) }
    }
}
