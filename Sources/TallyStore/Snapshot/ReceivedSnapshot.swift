import GRDB
import TallyCore
import TallyWire

/// A snapshot that comes from elsewhere, beside the place of the file that it is to become.
///
/// Whatever goes wrong, and whatever is killed, nothing appears in that place before all of it has been checked. It is called
/// `FILE.part` until then; what a killed process left of one is taken away by the next.
public final class ReceivedSnapshot {
    private let part: PartFile
    private let target: String
    public private(set) var byteCount = 0

    /// - Throws: `StoreError`: `fileExists`, `cannotCreate`, or `busy` when another process makes the same file.
    public init(for target: String) throws(StoreError) {
        self.target = target
        part = try PartFile(for: target, mode: 0o666)
    }

    /// What is left free on the disk, whatever a snapshot unpacks to.
    private static let spareBytes: UInt64 = 1 << 20

    public func append(_ bytes: [UInt8]) throws(StoreError) {
        guard !DiskSpace.hasLess(than: Self.spareBytes + UInt64(bytes.count), at: part.path) else {
            throw StoreError(diskFull: "\(target) could not be written")
        }
        try part.append(bytes)
        byteCount += bytes.count
    }

    /// Throws away what came so far.
    public func clear() throws(StoreError) {
        try part.clear()
        byteCount = 0
    }

    /// Where a copy is from.
    public struct Origin: Sendable {
        public let dataset: DatasetID
        /// Of the dataset.
        public let name: String
        /// Under which name the copy keeps the address.
        public let remote: String
        public let url: String

        public init(dataset: DatasetID, name: String, remote: String, url: String) {
            self.dataset = dataset
            self.name = name
            self.remote = remote
            self.url = url
        }
    }

    /// Checks what came, and makes it a copy of its own with an epoch of its own, which goes on behind the log that it has.
    ///
    /// - Throws: `SnapshotFault` when it cannot be believed; `StoreError`.
    public func adopt(
        from origin: Origin, kinds: KindCatalog = .shipped, at workplace: Workplace
    ) throws {
        try SnapshotCheck(
            path: part.path, dataset: origin.dataset, kinds: kinds,
            isInterrupted: workplace.isInterrupted,
            readsConcurrently: workplace.readsConcurrently
        ).run()
        try Dataset.wrapped(target) {
            try Dataset.building(part.path) { db in
                try db.inTransaction(.immediate) {
                    let access = try DatasetAccess(db, dataset: origin.dataset, kinds: kinds)
                    let (epoch, cursor) = (try access.epoch(), try access.cursor().text)
                    try access.saveRemote(origin.remote, url: origin.url)
                    try access.setCursor(cursor, epoch: epoch, remote: origin.remote)
                    try access.setMeta("name", origin.name)
                    try access.setMeta("epoch", UUIDText.random(workplace.randomBytes(16)))
                    try access.sampleCopiedKeys()
                    try TableParts.note(in: db)
                    try FileStamp.renew(in: db)
                    return .commit
                }
            }
        }
        try part.sync()
        try part.place()
    }
}

extension DatasetAccess {
    /// What the transaction does that writes as many records.
    fileprivate func sampleCopiedKeys() throws {
        let count = try SQL("SELECT sum(row_count) FROM tally_log", in: db).first { $0.integer(0) }
        if count ?? 0 >= Self.manyRecords { try takeSample() }
    }
}
