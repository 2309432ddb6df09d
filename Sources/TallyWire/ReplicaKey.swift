import Crypto
import TallyCore

/// The Ed25519 public key of a replica.
public struct ReplicaPublicKey: Sendable, Equatable {
    public let bytes: [UInt8]
    private let key: Curve25519.Signing.PublicKey

    public static func == (a: Self, b: Self) -> Bool { a.bytes == b.bytes }

    /// - Returns: nil when there are not 32 bytes.
    public init?(bytes: [UInt8]) {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
            return nil
        }
        self.bytes = bytes
        self.key = key
    }

    /// The id that this key proves: the first 16 characters of the base32 of its SHA-256.
    public var replica: ReplicaID {
        guard let id = ReplicaID(Base32.encode(Array(SHA256.hash(data: bytes).prefix(10)))) else {
            preconditionFailure("10 bytes make 16 characters of base32")
        }
        return id
    }

    public func isValid(signature: [UInt8], of message: [UInt8]) -> Bool {
        key.isValidSignature(signature, for: message)
    }
}

/// The key pair of a replica; it lives outside the dataset file (DESIGN.md section 6).
public struct ReplicaKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey
    public let publicKey: ReplicaPublicKey
    public let replica: ReplicaID

    /// - Parameter seed: the 32 bytes of RFC 8032's private key.
    /// - Returns: nil when there are not 32 bytes.
    public init?(seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            return nil
        }
        self.init(key: key)
    }

    private init(key: Curve25519.Signing.PrivateKey) {
        guard let publicKey = ReplicaPublicKey(bytes: Array(key.publicKey.rawRepresentation)) else {
            preconditionFailure("a public key has 32 bytes")
        }
        self.key = key
        self.publicKey = publicKey
        replica = publicKey.replica
    }

    public var seed: [UInt8] { Array(key.rawRepresentation) }

    public func signature(of message: [UInt8]) -> [UInt8] {
        do {
            return Array(try key.signature(for: message))
        } catch {
            preconditionFailure("Ed25519 signs any message: \(error)")
        }
    }
}

extension ChangesetHash {
    /// SHA-256 of a line without its signature.
    public init(of unsigned: [UInt8]) {
        guard let hash = ChangesetHash(bytes: Array(SHA256.hash(data: unsigned))) else {
            preconditionFailure("SHA-256 has 32 bytes")
        }
        self = hash
    }
}

extension ConflictID {
    public init(of record: RecordAddress, statement: String) {
        self.init(digest: Array(SHA256.hash(data: Self.preimage(record, statement: statement))))
    }
}

extension Conflict {
    public var id: ConflictID { ConflictID(of: record, statement: statement) }
}
