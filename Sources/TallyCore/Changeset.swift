/// The SHA-256 of a changeset's line without its signature.
///
/// Text form: 64 lower-case hexadecimal digits.
public struct ChangesetHash: Hashable, Sendable, Comparable {
    public let bytes: [UInt8]

    public static let count = 32

    /// - Returns: nil when there are not 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.count else { return nil }
        self.bytes = bytes
    }

    /// - Returns: nil when `text` is not 64 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte - UInt8(ascii: "a") + 10
            default: return nil
            }
        }
        let utf8 = Array(text.utf8)
        guard utf8.count == 2 * Self.count else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: utf8.count, by: 2) {
            guard let high = digit(utf8[index]), let low = digit(utf8[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    public var text: String { bytes.hex }

    public static func < (a: Self, b: Self) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}

extension ChangesetHash: CustomStringConvertible {
    public var description: String { text }
}

/// The last changeset of a replica that somebody has.
public struct Head: Hashable, Sendable {
    public let seq: Int
    public let hash: ChangesetHash

    public init(seq: Int, hash: ChangesetHash) {
        self.seq = seq
        self.hash = hash
    }
}

/// What one revision did: an atomic group of edits, with author, time and message (DESIGN.md section 5).
public struct Changeset: Sendable {
    public var dataset: DatasetID
    public var revision: Revision
    /// The hash of the same replica's previous changeset; nil for seq 1.
    public var previous: ChangesetHash?
    /// What had been integrated since this replica's previous changeset, of other replicas; sorted by replica.
    public var seen: [Seen]
    public var at: Timestamp
    public var author: String
    public var machine: String
    public var message: String?
    public var group: Group?
    /// Written by an import: a later import may replace it without asking.
    public var isImport: Bool
    public var edits: [Edit]

    public struct Seen: Hashable, Sendable {
        public let revision: Revision
        public let hash: ChangesetHash

        public init(revision: Revision, hash: ChangesetHash) {
            self.revision = revision
            self.hash = hash
        }
    }

    /// Several changesets that are one deed; parts count from 1.
    public struct Group: Hashable, Sendable {
        public let id: String
        public let part: Int
        public let isLast: Bool

        public init(id: String, part: Int, isLast: Bool) {
            self.id = id
            self.part = part
            self.isLast = isLast
        }
    }

    public init(
        dataset: DatasetID, revision: Revision, previous: ChangesetHash?, seen: [Seen],
        at: Timestamp, author: String, machine: String, message: String? = nil,
        group: Group? = nil, isImport: Bool = false, edits: [Edit]
    ) {
        self.dataset = dataset
        self.revision = revision
        self.previous = previous
        self.seen = seen
        self.at = at
        self.author = author
        self.machine = machine
        self.message = message
        self.group = group
        self.isImport = isImport
        self.edits = edits
    }

    /// The bounds of a line.
    public static let maximumRows = 10_000
    public static let maximumLineBytes = 4 * 1024 * 1024
}

/// The id of a dataset: a UUID in lower case.
public struct DatasetID: Hashable, Sendable {
    public let text: String

    /// - Returns: nil when `text` is not 8-4-4-4-12 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [8, 4, 4, 4, 12] else { return nil }
        for byte in parts.joined() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): break
            default: return nil
            }
        }
        self.text = String(text)
    }
}

extension DatasetID: CustomStringConvertible {
    public var description: String { text }
}
