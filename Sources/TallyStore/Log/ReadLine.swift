import Dispatch
import TallyCore
import TallyWire

/// A line from outside with all that can be said of it without the log.
struct ReadLine: Sendable {
    let line: ChangesetLine
    /// Its edits by record, too; what is wrong with them counts only when the checks before have passed.
    let content: Result<(changeset: Changeset, records: EditedRecords), LineFault>
    /// The line as the log keeps it.
    let packed: [UInt8]

    init(_ bytes: [UInt8], kinds: KindCatalog) throws(LineFault) {
        let line = try ChangesetLine(bytes)
        self.line = line
        content = Result { () throws(LineFault) in
            let changeset = try line.changeset(kinds: kinds)
            return (changeset, EditedRecords(changeset.edits))
        }
        packed = (try? content.get()) == nil ? [] : PackedLine.pack(bytes)
    }
}

/// Lines that are read on a thread of their own, a few ahead of whoever takes them.
struct LinesAhead {
    private let lines: [[UInt8]]
    private let kinds: KindCatalog
    private let queue = DispatchQueue(label: "tally.lines")
    private var waiting: [Background<Result<ReadLine, LineFault>>] = []
    private var position = 0

    /// They hold several times the memory of the line.
    private static let count = 2

    init(_ lines: [[UInt8]], kinds: KindCatalog) {
        self.lines = lines
        self.kinds = kinds
    }

    /// - Returns: nil at the end.
    /// - Throws: `LineFault` for what is no line.
    mutating func next() throws -> ReadLine? {
        // For one line another thread is not worth it.
        if lines.count == 1, position == 0 {
            position = 1
            return try ReadLine(lines[0], kinds: kinds)
        }
        while waiting.count < Self.count, position < lines.count {
            let (bytes, kinds) = (lines[position], kinds)
            position += 1
            waiting.append(
                Background(on: queue) {
                    Result { () throws(LineFault) in try ReadLine(bytes, kinds: kinds) }
                })
        }
        return waiting.isEmpty ? nil : try waiting.removeFirst().result().get()
    }
}
