import StoreTestSupport
import TallyFormats
import TallyStore

/// Imports a text into a new copy.
///
/// - Returns: the report, and the events as lines of JSON.
func importedEvents(
    _ text: String, _ change: (inout ImportOptions) -> Void = { _ in }
) throws -> (report: ImportReport, events: [String]) {
    let folder = try TestFolder()
    let mina = try folder.copy("mina")
    let report = try mina.importing(text, change)
    let again = try mina.importing(text, change)
    guard again.new + again.changed == 0 else { throw ChangedAgain(report: again) }
    let lines = try mina.export("event", as: "jsonl").split(separator: "\n").map(String.init)
    return (report, lines)
}

/// A second import of a file has changed something.
struct ChangedAgain: Error {
    let report: ImportReport
}
