import TallyCore
import TallyStore
import TallySync
import TallyWire

/// A dataset file that hands out few lines at a time, and breaks off after so many that the taker did not have.
final class CutTransport: SyncTransport {
    enum Cut: Error { case here }

    private let file: Dataset
    private let taker: Dataset
    private let pageLines: Int
    private let limit: Int?
    private var given = 0

    init(_ file: Dataset, into taker: Dataset, pageLines: Int, limit: Int?) {
        self.file = file
        self.taker = taker
        self.pageLines = pageLines
        self.limit = limit
    }

    var name: String { file.path }

    func heads() throws -> DatasetHeads { try FileTransport(file).heads() }

    func push(_ lines: [[UInt8]]) throws -> PushAnswer { try FileTransport(file).push(lines) }

    func pull(after cursor: String?) throws -> PulledBatch {
        if given == limit { throw Cut.here }
        let heads = try taker.read(\.heads)
        return try file.read { access in
            var position = 0
            if let cursor {
                guard let known = try LogCursor(cursor).flatMap(access.position(of:)) else {
                    throw Problem(.cursorGone, "the cursor is not of this log")
                }
                position = known
            }
            var count = 0
            var found = try access.lines(after: position, maximumCount: 1, maximumBytes: 1)
            // The page ends where the limit is reached, as if the connection broke behind it.
            while count < pageLines, !found.lines.isEmpty {
                count += 1
                let line = try ChangesetLine(found.lines[count - 1])
                if try line.seq() > heads[line.replica()]?.seq ?? 0 { given += 1 }
                if given == limit || count == pageLines || !found.isMore { break }
                found = try access.lines(
                    after: position, maximumCount: count + 1, maximumBytes: 1 << 30)
            }
            return PulledBatch(
                lines: found.lines, cursor: found.cursor.text, epoch: found.cursor.epoch,
                isMore: found.isMore)
        }
    }
}
