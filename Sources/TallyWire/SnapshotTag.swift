import Crypto
import TallyCore

/// The `ETag` of a snapshot: in quotes the first 32 hexadecimal digits of the SHA-256 of its bytes, as they are sent.
///
/// So the same bytes have the same tag whenever they were made, and who has all parts can see whether one of them arrived as
/// another. It says nothing of who made them.
public struct SnapshotTag {
    private var hash = SHA256()

    public init() {}

    /// Takes the next bytes in.
    public mutating func take(_ bytes: [UInt8]) { hash.update(data: bytes) }

    /// That of the bytes so far.
    public var text: String { "\"\(hash.finalize().prefix(16).hex)\"" }
}
