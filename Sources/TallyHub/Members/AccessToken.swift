import Crypto
import TallyCore
import TallyWire

/// A token that a member shows to the hub: `tally_` and 43 characters, the base64url of 32 random bytes.
///
/// It is shown once, when it is made; the hub keeps its SHA-256 only.
public struct AccessToken: Sendable {
    public let text: String

    static let randomByteCount = 32

    /// - Precondition: there are 32 bytes, fit for keys.
    init(randomBytes: [UInt8]) {
        precondition(randomBytes.count == Self.randomByteCount, "a token has 32 random bytes")
        text = "tally_" + String(decoding: Base64URL.encode(randomBytes), as: UTF8.self)
    }

    /// `text` without the tokens that stand in it: somebody may have put one where it does not belong.
    public static func masked(_ text: String) -> String {
        text.replacing(/tally_[A-Za-z0-9_-]{43}/, with: "tally_***")
    }

    var hash: String { Self.hash(of: text) }

    /// Tokens are found by their hash, which an attacker cannot steer, so that comparing takes no secret time.
    static func hash(of text: String) -> String { SHA256.hash(data: Array(text.utf8)).hex }
}
