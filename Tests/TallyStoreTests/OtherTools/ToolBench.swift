import Foundation
import GRDB
import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire

/// A dataset file with a few records, and another tool at it: a plain connection, with triggers on.
struct ToolBench {
    let folder: TestFolder
    let mina: Copy
    let clock: TestClock

    static let china = "trade/KOR/CHN/X/TOTAL/2023/kosis"
    static let japan = "trade/KOR/JPN/X/TOTAL/2023/kosis"
    static let visit = "event/visit"

    /// Two figures and an event, an import's and a person's.
    init() throws {
        folder = try TestFolder()
        clock = TestClock()
        mina = try folder.copy("mina", clock: clock)
        try mina.write(Authoring(message: "import", isImport: true)) { editor in
            for (address, value) in [(Self.china, 124.8e9), (Self.japan, 29e9)] {
                try editor.edit(
                    try wanted(RecordAddress(address)),
                    [.figure(value, status: "P", released: "2024-01-01"), .add("tags", "a")])
            }
        }
        try mina.edit(
            Self.visit,
            .set(statement: "date", value: [.text("2023-09-23"), .null]),
            .set(statement: "type", value: [.text("visit")]),
            .set(statement: "title", value: [.text("Han in Hangzhou")]),
            .add("actors", "KOR"), .add("targets", "CHN"))
    }

    /// Runs SQL as another tool does: on a connection of its own.
    func tool(_ sql: String, file: String? = nil) throws {
        let plain = try DatabaseQueue(path: file ?? mina.dataset.path)
        defer { try? plain.close() }
        try plain.writeWithoutTransaction { try $0.execute(sql: sql) }
    }

    func capture(_ copy: Copy? = nil) throws -> Captured {
        let copy = copy ?? mina
        return try copy.dataset.capture(at: copy.person.workplace)
    }

    /// What the last changeset says, an edit a line; nothing when there is none beyond those of the bench.
    func lastEdits(_ copy: Copy? = nil, after count: Int = 2) throws -> [String] {
        try (copy ?? mina).dataset.read { access in
            guard let info = try access.latestChangesets(limit: 1).first, info.position > count
            else { return [] }
            return try access.changeset(at: info.position).edits.flatMap { edit in
                edit.rows.map { row in
                    let record = RecordAddress(kind: edit.kind, key: row.key).text
                    let values = row.values.map(\.json.text).joined(separator: ",")
                    let fields: String
                    switch edit.operation {
                    case .set(let names), .reopen(let names): fields = names.joined(separator: ",")
                    case .add(let name), .remove(let name): fields = name
                    default: fields = ""
                    }
                    return [edit.operation.name, record, fields, values]
                        .filter { !$0.isEmpty }.joined(separator: " ")
                }
            }
        }
    }

    func waiting() throws -> WaitingEdits { try mina.dataset.read { try $0.waitingEdits() } }

    /// The faults that a verification finds; the state must be what the log says after every capture.
    func faults() throws -> [String] {
        let result = try mina.verification(in: folder)
        return result.faults + result.rebuilt
    }
}
