/// A request to the hub as plain values: what HTTP says, no socket.
public struct HubRequest: Sendable {
    public var method: String
    /// As it stands on the wire, percent encoding and all, without the query.
    public var path: String
    /// What follows the `?`, undecoded.
    public var query: String?
    public var headers: HubHeaders
    public var body: Body

    public enum Body: Sendable {
        /// As it came, not yet unpacked.
        case whole([UInt8])
        /// It was counted but not kept: nobody with a valid token sent it, or it is too large.
        case dropped(byteCount: Int)

        public var byteCount: Int {
            switch self {
            case .whole(let bytes): return bytes.count
            case .dropped(let count): return count
            }
        }
    }

    /// - Parameter target: the path with its query.
    public init(
        method: String, target: String, headers: HubHeaders = HubHeaders(), body: [UInt8] = []
    ) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.method = method
        path = String(parts[0])
        query = parts.count > 1 ? String(parts[1]) : nil
        self.headers = headers
        self.body = .whole(body)
    }

    /// The most bytes that the body of this request may have on the wire; one who reads it can stop there.
    ///
    /// A push may be one line of the greatest length with a newline at its end.
    public var maximumBodyBytes: Int {
        method == "POST" ? Self.maximumPushBytes + 1 : Self.maximumSmallBytes
    }

    static let maximumPushBytes = 4 * 1024 * 1024
    static let maximumSmallBytes = 64 * 1024

    /// The token of `Authorization: Bearer TOKEN`.
    var token: String? {
        guard let value = headers["authorization"] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}

/// Header fields; names are compared without case and kept in lower case.
public struct HubHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    public private(set) var fields: [Field] = []

    public struct Field: Sendable, Equatable {
        public let name: String
        public let value: String
    }

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }

    public mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name.lowercased(), value: value))
    }

    /// The values of that name, joined by `, `; nil where there is none.
    public subscript(name: String) -> String? {
        let values = fields.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}
