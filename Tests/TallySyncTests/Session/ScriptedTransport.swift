import TallyCore
import TallyStore
import TallySync
import TallyWire

/// A dataset file behind answers that a test makes up: each call goes to the file unless the script has something else.
final class ScriptedTransport: SyncTransport {
    let file: Dataset
    var name: String { "hub" }
    /// What was asked, in order.
    private(set) var calls: [String] = []
    var onHeads: (() throws -> DatasetHeads)?
    var onPull: ((_ cursor: String?, _ call: Int) throws -> PulledBatch?)?
    var onPush: ((_ lines: [[UInt8]], _ call: Int) throws -> PushAnswer?)?
    private var (pulls, pushes) = (0, 0)

    init(_ file: Dataset) {
        self.file = file
    }

    private var plain: FileTransport { FileTransport(file) }

    func heads() throws -> DatasetHeads {
        calls.append("heads")
        return try onHeads?() ?? plain.heads()
    }

    func pull(after cursor: String?) throws -> PulledBatch {
        calls.append("pull")
        pulls += 1
        return try onPull?(cursor, pulls) ?? plain.pull(after: cursor)
    }

    func push(_ lines: [[UInt8]]) throws -> PushAnswer {
        calls.append("push \(lines.count)")
        pushes += 1
        return try onPush?(lines, pushes) ?? plain.push(lines)
    }

    /// The lines of the file from a position on, so many at a time.
    func page(after cursor: String?, lines count: Int) throws -> PulledBatch {
        try file.read { access in
            let position = try cursor.flatMap { LogCursor($0) }.flatMap(access.position(of:)) ?? 0
            let found = try access.lines(
                after: position, maximumCount: count, maximumBytes: 1 << 30)
            return PulledBatch(
                lines: found.lines, cursor: found.cursor.text, epoch: found.cursor.epoch,
                isMore: found.isMore)
        }
    }
}
