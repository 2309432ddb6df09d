import TallyCore
import TallyStore
import TallyWire

/// A snapshot of a dataset that a hub hands out, in the forms that have been asked for.
struct HubSnapshot: Sendable {
    let heads: DatasetHeads
    let plain: SnapshotForm
    private(set) var packed: SnapshotForm?
    private let logBytes: Int

    /// - Parameter place: beside it the files stand while they are written.
    /// - Complexity: O(file).
    init(of dataset: OpenDataset, name: String, beside place: String) throws {
        // A connection of its own: pushes go on, and others read.
        let source = try Dataset.open(path: dataset.writer.path, cacheMiB: 2)
        defer { source.close() }
        let made = try source.makeSnapshot(beside: place)
        var heads = made.heads
        heads.name = name
        self.heads = heads
        logBytes = made.logBytes
        plain = try SnapshotForm(made.file)
    }

    func form(isPacked: Bool) -> SnapshotForm? { isPacked ? packed : plain }

    mutating func pack(beside place: String) throws {
        if packed == nil { packed = try plain.packed(beside: place + ".zst") }
    }

    enum Age: Equatable {
        /// Good to be handed out: whoever takes it pulls few lines behind it.
        case fresh
        /// It still holds what the log holds up to some line, but much has come since.
        case stale
        /// The log is another one by now.
        case dead
    }

    /// A sixteenth of the log pulled line by line takes about as long as the rest from a snapshot.
    private static let freshShare = 16
    /// What is pulled in no time.
    static let freshBytes = 256 * 1024

    /// - Parameter freshBytes: how many bytes of lines may have come since, however short the log is.
    /// - Complexity: O(lines that came since).
    func age(in access: DatasetAccess, freshBytes: Int) throws -> Age {
        guard access.dataset == heads.dataset, let cursor = LogCursor(heads.cursor),
            let position = try access.position(of: cursor)
        else { return .dead }
        let newBytes = try access.logBytes(after: position)
        return newBytes <= max(freshBytes, logBytes / Self.freshShare) ? .fresh : .stale
    }
}
