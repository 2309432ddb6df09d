/// What a request does to what its address names.
public enum HTTPMethod: String, Hashable, Sendable {
    case get = "GET"
    case put = "PUT"
    case post = "POST"
}

/// A request, with the bounds within which it must be answered.
public struct HTTPRequest: Sendable {
    /// A transfer slower than this for so long is given up.
    public struct LowSpeed: Hashable, Sendable {
        public var bytesPerSecond: Int
        public var seconds: Int

        public init(bytesPerSecond: Int, seconds: Int) {
            self.bytesPerSecond = bytesPerSecond
            self.seconds = seconds
        }
    }

    public var method: HTTPMethod
    /// An http or https address, without a user name or password.
    public var url: String
    /// An `Accept-Encoding` given here stands in place of `zstd`. A part (`Range`) is one of the packed bytes then, and comes
    /// as it is.
    public var headers: [HTTPHeader]
    public var body: [UInt8]?
    /// Whether a body of more than 1 KiB is sent as zstd where that is smaller.
    public var compressBody: Bool
    /// The most that is taken of a body, both as it comes and unpacked.
    public var maximumResponseBytes: Int
    /// For everything from resolving the name to the last byte; nil waits as long as bytes come.
    public var timeoutMs: Int?
    /// For resolving the name, connecting and TLS.
    public var connectTimeoutMs: Int
    /// Also counts the time in which the hub thinks: give a request that the hub may hold
    /// (`wait=SECONDS`) more seconds than that, or nil.
    public var lowSpeed: LowSpeed?

    /// The bounds suit one page of the protocol (DESIGN.md, section 8): 4 MiB of lines at 15 KB/s.
    public init(
        _ method: HTTPMethod, _ url: String, headers: [HTTPHeader] = [], body: [UInt8]? = nil,
        compressBody: Bool = false, maximumResponseBytes: Int = 8 << 20,
        timeoutMs: Int? = 300_000, connectTimeoutMs: Int = 10_000,
        lowSpeed: LowSpeed? = LowSpeed(bytesPerSecond: 100, seconds: 30)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.compressBody = compressBody
        self.maximumResponseBytes = maximumResponseBytes
        self.timeoutMs = timeoutMs
        self.connectTimeoutMs = connectTimeoutMs
        self.lowSpeed = lowSpeed
    }

    /// What must not appear in any text: the values of secret headers, with and without their scheme
    /// (`Bearer`). Shorter ones than 6 characters would only blot out words.
    var secrets: [String] {
        headers.filter(\.isSecret).flatMap { header in
            [header.value] + header.value.split(separator: " ").dropFirst().map(String.init)
        }.filter { $0.utf8.count >= 6 }
    }
}

extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    public var description: String {
        let size = body.map { ", \($0.count) bytes" } ?? ""
        return "\(method.rawValue) \(HTTPText.shownURL(url))\(size)"
    }

    public var customMirror: Mirror {
        Mirror(self, children: ["request": description, "headers": headers])
    }
}
