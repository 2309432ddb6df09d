import TallyWire

/// The address of a dataset at a hub.
///
/// Given as `https://HOST/NAME` or as `https://HOST/v1/datasets/NAME`; a hub may stand behind a path.
public struct HubAddress: Hashable, Sendable {
    /// `https://HOST` with whatever path stands before.
    public let base: String
    public let datasetName: String

    /// - Returns: nil when the text is no http or https address that ends in the name of a dataset.
    public init?(_ text: String) {
        guard
            let scheme = ["https://", "http://"].first(where: { text.lowercased().hasPrefix($0) })
        else { return nil }
        var rest = text.dropFirst(scheme.count)
        while rest.hasSuffix("/") { rest.removeLast() }
        guard !rest.contains(where: { "?# \t\n".contains($0) }), let slash = rest.lastIndex(of: "/")
        else { return nil }
        datasetName = String(rest[rest.index(after: slash)...])
        var path = rest[..<slash]
        if path.hasSuffix("/v1/datasets") { path = path.dropLast("/v1/datasets".count) }
        guard DatasetName.isValid(datasetName), !path.isEmpty, !path.hasPrefix("/") else {
            return nil
        }
        base = scheme + path
        // A name or a password in an address would be kept and shown with it.
        guard Self.origin(of: base) != nil else { return nil }
    }

    /// `https://HOST/NAME`.
    public var text: String { "\(base)/\(datasetName)" }

    var dataset: String { "\(base)/v1/datasets/\(datasetName)" }

    /// For whom a token is.
    public var origin: String { Self.origin(of: base) ?? base }

    static func percentEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
                result.append(Character(UnicodeScalar(byte)))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                result += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
    }
}

extension HubAddress {
    /// `https://HOST` of any http or https address; nil for another text.
    public static func origin(of text: String) -> String? {
        guard
            let scheme = ["https://", "http://"].first(where: { text.lowercased().hasPrefix($0) })
        else { return nil }
        let host = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        guard !host.isEmpty, !host.contains(where: { "@ \t\n".contains($0) }) else { return nil }
        return scheme + host
    }
}
