import TallyCore
import TallyStore
import TallyWire
import TallyZstd

/// Makes the file of a clone from a hub's snapshot; what the hub took since, an ordinary sync brings.
///
/// A snapshot is no more than a quicker way: whatever is wrong with it, the lines can be pulled instead, and no file is made.
public struct SnapshotClone {
    public enum Outcome: Equatable, Sendable {
        case made
        /// The hub has none.
        case none
        /// Why it cannot be used, as the end of a sentence.
        case unusable(String)
    }

    private let hub: HubTransport
    private let origin: ReceivedSnapshot.Origin
    private let path: String
    private let kinds: KindCatalog
    private let workplace: Workplace
    private let pieceBytes: Int
    private let progress: (_ done: Int, _ total: Int) -> Void

    /// - Parameters:
    ///   - heads: what the hub said of the dataset.
    ///   - path: of the file to make; it must not be there yet.
    ///   - remote: under which name the file keeps the hub's address.
    ///   - pieceBytes: how much is asked for at a time.
    ///   - progress: told the bytes that came and those of all.
    public init(
        from hub: HubTransport, _ heads: DatasetHeads, to path: String, remote: String,
        kinds: KindCatalog = .shipped, at workplace: Workplace, pieceBytes: Int? = nil,
        progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) {
        self.hub = hub
        origin = ReceivedSnapshot.Origin(
            dataset: heads.dataset, name: heads.name, remote: remote, url: hub.name)
        self.path = path
        self.kinds = kinds
        self.workplace = workplace
        self.pieceBytes = pieceBytes ?? SnapshotDownload.pieceBytes
        self.progress = progress
    }

    /// - Throws: `StoreError` for what fails here; `SyncError` where the hub wants another token, or it was interrupted.
    public func run() throws -> Outcome {
        let received = try ReceivedSnapshot(for: path)
        do {
            guard try download(into: received) else { return .none }
            try received.adopt(from: origin, kinds: kinds, at: workplace)
            return .made
        } catch let fault as SnapshotFault {
            return .unusable(fault.reason)
        } catch let error as ZstdError {
            return .unusable(String("\(error)".dropLast()))
        } catch let unfit as UnfitSnapshot {
            return .unusable(unfit.reason)
        } catch let problem as Problem {
            let error = SyncError(problem, at: hub.name)
            guard ![.notPermitted, .unknownDataset].contains(error.code) else { throw error }
            return .unusable(error.message)
        } catch let error as SyncError where ![.notPermitted, .interrupted].contains(error.code) {
            return .unusable(error.message)
        }
    }

    private struct UnfitSnapshot: Error {
        let reason: String
    }

    /// How many bytes a packed one may unpack to for each of its own; SQLite's pages of records come to 2 to 10.
    private static let maximumRatio = 64

    /// - Returns: false where the hub has none.
    private func download(into received: ReceivedSnapshot) throws -> Bool {
        var download = SnapshotDownload(pieceBytes: pieceBytes)
        var stream = ZstdStream(windowLogMaximum: ZstdDecompressor.windowLogMaximum)
        var tag = SnapshotTag()
        while !download.isDone {
            try workplace.checkInterruption()
            let step: SnapshotDownload.Step
            switch try hub.snapshot(download.headers, pieceBytes: pieceBytes) {
            case .none: return false
            case .piece(let piece): step = download.received(piece)
            case .whole: step = download.changed()
            }
            switch step {
            case .giveUp(let reason): throw UnfitSnapshot(reason: reason)
            case .beginAnew:
                try received.clear()
                stream = ZstdStream(windowLogMaximum: ZstdDecompressor.windowLogMaximum)
                tag = SnapshotTag()
            case .take(let bytes, isPacked: false):
                tag.take(bytes)
                try received.append(bytes)
            case .take(let bytes, isPacked: true):
                tag.take(bytes)
                stream.give(bytes)
                while let unpacked = try stream.next() {
                    try received.append(unpacked)
                    guard received.byteCount <= Self.maximumRatio * (download.total ?? 0) else {
                        throw UnfitSnapshot(reason: "it unpacks to far more than was sent")
                    }
                }
            }
            progress(download.offset, download.total ?? 0)
        }
        try stream.finish()
        guard tag.text == download.tag else {
            throw UnfitSnapshot(reason: "it did not arrive as it was sent")
        }
        return true
    }
}
