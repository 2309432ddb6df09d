import TallyCore
import TallyFormats
import TallyStore
import TallyWire

/// How the reading of a file ended, by an import or by `import --edited`.
struct ImportEnd {
    let written: Written
    /// Of the file.
    let name: String
    /// Where the rows that were left out are.
    let refusedFile: String?
    let isDryRun: Bool
    let isRefused: Bool
    /// Whether bad rows are left out.
    let skipsBad: Bool

    /// - Parameter verb: what can be done with the file of the rows that were left out: `imported`.
    func refusals(
        _ refused: [ImportReport.Refusal], count: Int, verb: String
    ) -> RefusalList {
        RefusalList(
            name: name, refused: refused, count: count, file: refusedFile, skipsBad: skipsBad,
            verb: verb)
    }

    /// What stands last for programs.
    var json: [JSONValue.Member] {
        [
            .init("dry_run", .bool(isDryRun)), .init("imported", .bool(!isDryRun && !isRefused)),
            .init("revisions", .array(written.revisions.map { .string($0.description) })),
        ]
    }
}
