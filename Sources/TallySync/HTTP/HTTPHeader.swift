/// A field of the head of a request or response.
public struct HTTPHeader: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether the value lets somebody in, and so is shown to nobody.
    var isSecret: Bool {
        ["authorization", "proxy-authorization", "cookie", "set-cookie"]
            .contains { isNamed($0) }
    }

    /// Compares names as RFC 9110 does: the case of ASCII letters does not matter.
    func isNamed(_ other: String) -> Bool {
        name.utf8.elementsEqual(other.utf8) { $0.asciiLowercased == $1.asciiLowercased }
    }

    /// Refuses what would end the line early and so forge another header, or another request.
    func check(for host: String) throws(HTTPError) {
        guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenCharacter) else {
            throw .badHeaderName(host: host, name)
        }
        guard value.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
            throw .badHeaderValue(host: host, name)
        }
        // These frame the message, which is libcurl's to do.
        guard !["content-length", "transfer-encoding"].contains(where: { isNamed($0) }) else {
            throw .badHeaderName(host: host, name)
        }
    }
}

extension HTTPHeader: CustomStringConvertible, CustomReflectable {
    /// The line of the head, without the value where that is a secret.
    public var description: String {
        isSecret ? "\(name): (not shown)" : "\(name): \(value)"
    }

    public var customMirror: Mirror {
        Mirror(self, children: ["line": description])
    }
}

extension [HTTPHeader] {
    /// The value of the first header of this name, in whatever case.
    public subscript(name: String) -> String? {
        first { $0.isNamed(name) }?.value
    }

    /// The values of every header of this name, in whatever case, in order.
    public func values(named name: String) -> [String] {
        filter { $0.isNamed(name) }.map(\.value)
    }
}

extension UInt8 {
    var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }

    /// `tchar` of RFC 9110, section 5.6.2.
    fileprivate var isTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}
