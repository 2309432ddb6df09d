import TallyCore
import TallyWire

/// The key of a record that comes without one (DESIGN.md section 3, event).
public enum DerivedKey {
    /// - Parameter digest: the values over which SHA-256 is taken, as a compact JSON array; nil is null.
    public static func text(prefix: String, digest: [Value?]) -> String {
        let json = JSONValue.array(digest.map { $0?.json ?? .null })
        return "\(prefix):\(ChangesetHash(of: json.bytes).base32Prefix(characters: 16))"
    }
}

extension ChangesetHash {
    func base32Prefix(characters: Int) -> String { String(Base32.encode(bytes).prefix(characters)) }
}
