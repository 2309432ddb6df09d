import Crypto
import TallyCore

/// A strong `ETag`: equal for equal bytes, whoever computes it.
enum EntityTag {
    /// The quoted first 32 hexadecimal digits of the SHA-256 of the body.
    static func of(_ body: [UInt8]) -> String { "\"\(hash(of: body))\"" }

    /// The same without the quotes.
    static func hash(of body: [UInt8]) -> String { SHA256.hash(data: body).prefix(16).hex }

    /// Whether `If-None-Match` names the tag; compared weakly, as RFC 9110 section 13.1.2 wants it.
    static func matches(_ tag: String, _ header: String?) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { part in
            var part = part.filter { $0 != " " && $0 != "\t" }
            if part.hasPrefix("W/") { part.removeFirst(2) }
            return part == "*" || part == tag
        }
    }
}
