/// A whole answer, its body unpacked, unless it is a part of one (206).
public struct HTTPResponse: Hashable, Sendable {
    public var status: Int
    /// In the order in which they came; `headers["etag"]` finds whatever its case.
    public var headers: [HTTPHeader]
    public var body: [UInt8]
    /// The address that was asked; redirects are never followed.
    public var url: String

    public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = [], url: String = "") {
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
    }
}
