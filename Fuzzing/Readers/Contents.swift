import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import TallyWire

/// All that a refusal must leave as it was.
struct Contents: Equatable {
    let heads: [ReplicaID: Head]
    private let lineCount: Int
    private let cursors: [String?]
    /// Every record, and every conflict.
    private let shown: [UInt8]

    init(of dataset: Dataset) throws {
        (heads, lineCount, cursors, shown) = try dataset.read { access in
            var text = ""
            for kind in access.kinds.all {
                try RecordExport.jsonLines(kind, from: access) { text += $0 }
            }
            text += "\(try access.conflicts().map(\.id.text))"
            let lines = try access.lines(
                after: 0, maximumCount: .max, maximumBytes: .max / 2
            ).lines
            return (
                access.heads, lines.count, try access.remotes().map(\.cursor), Array(text.utf8)
            )
        }
    }
}

/// The file of a copy that has only the first line of the fixtures.
func makeFirstLineFile(in folder: TestFolder) throws -> String {
    let path = folder.file("sound.tally")
    let line = Array(try fixture("lines/valid.jsonl").prefix { $0 != 0x0a })
    let dataset = try Dataset.create(
        path: path, name: "sound", id: try ChangesetLine(line).dataset())
    defer { dataset.close() }
    _ = try dataset.take([line], durable: false)
    return path
}
