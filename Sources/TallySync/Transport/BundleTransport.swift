import TallyCore
import TallyStore
import TallyWire

/// A bundle: what it holds is pulled; nothing is sent into it.
///
/// Its epoch is the digest of all that is in it, and a cursor `digest.COUNT` stands behind that many lines: a sync that was
/// killed goes on in the same bundle, wherever that lies by then.
public final class BundleTransport: SyncTransport {
    private let file: BundleFile
    /// The lines behind a position, as far as they have been read.
    private var reading: (lines: BundleLines, position: Int)?

    public init(_ file: BundleFile) {
        self.file = file
    }

    public var name: String { file.path }

    public var basis: [ReplicaID: Head] { file.header.since }

    public var forkable: (any ForkSide)? { self }

    public func heads() throws -> DatasetHeads {
        DatasetHeads(
            dataset: file.header.dataset, name: file.header.name, epoch: file.digest,
            cursor: cursor(at: file.header.count), heads: file.header.heads)
    }

    public func pull(after cursor: String?) throws -> PulledBatch {
        let start = try cursor.map(position) ?? 0
        return try reporting {
            let lines = try lines(after: start)
            var (batch, bytes, position): ([[UInt8]], Int, Int) = ([], 0, start)
            while position < file.header.count, batch.count < BatchBounds.lines,
                bytes < BatchBounds.bytes, let line = try lines.next()
            {
                batch.append(line)
                bytes += line.count
                position += 1
            }
            reading = (lines, position)
            return PulledBatch(
                lines: batch, cursor: self.cursor(at: position), epoch: file.digest,
                isMore: position < file.header.count)
        }
    }

    public func push(_ lines: [[UInt8]]) throws -> PushAnswer {
        throw SyncError(
            .refused, "\(name) is a bundle: nothing can be sent into it",
            hint: "Make one for the way back: tally bundle create FILE")
    }

    private func cursor(at position: Int) -> String { "\(file.digest).\(position)" }

    private func position(of cursor: String) throws -> Int {
        let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == file.digest, let position = Int(parts[1]),
            (0...file.header.count).contains(position)
        else { throw Problem(.cursorGone, "the cursor is not of this bundle") }
        return position
    }

    private func lines(after position: Int) throws -> BundleLines {
        if let reading, reading.position == position { return reading.lines }
        let lines = file.lines()
        for _ in 0...position { _ = try lines.next() }
        return lines
    }

    /// It was whole when it was opened: a stick may have been taken out since.
    private func reporting<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let fault as BundleFault {
            throw SyncError(fault, at: name)
        }
    }
}

extension BundleTransport: ForkSide {
    public var repairable: Dataset? { nil }

    public func branch(of fork: Fork) throws -> ForkBranch? {
        let first = Revision(fork.replica, fork.point + 1)
        guard file.header.heads[fork.replica]?.seq ?? 0 >= first.seq else { return nil }
        guard let line = try reporting({ try line(of: first) }) else { return nil }
        let standing: ForkBranch.Standing =
            file.header.hub.map { $0.contains(first) ? .hub : .unknown } ?? .noHub
        return ForkBranch(standing, firstHash: line.hash)
    }

    private func line(of revision: Revision) throws -> ChangesetLine? {
        let lines = file.lines()
        // Behind the header.
        for number in 0...file.header.count {
            guard let bytes = try lines.next() else { return nil }
            if number == 0 { continue }
            let line = try ChangesetLine(bytes)
            if try line.replica() == revision.replica, try line.seq() == revision.seq {
                return line
            }
        }
        return nil
    }
}
