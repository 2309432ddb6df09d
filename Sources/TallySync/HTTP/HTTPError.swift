/// Why there is no answer to a request.
///
/// `message` says what failed with which host and value, `hint` what to do. Neither ever holds a
/// token, nor a control character that a hub may have sent.
public struct HTTPError: Error, Hashable, Sendable {
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// Refused before anything was sent.
        case badURL
        case badHeader
        /// No connection.
        case unresolvedHost
        case connectionRefused
        case connectionFailed
        case proxyRefused
        case tls
        /// A connection, but no whole answer.
        case connectionLost
        case timedOut
        case interrupted
        /// An answer that is not taken.
        case redirected
        case tooLarge
        case `protocol`
        case other
    }

    public var code: Code
    /// `name` or `name:port`, as given; empty where the address has none.
    public var host: String
    public var message: String
    public var hint: String
    /// Where a redirect leads, as the hub wrote it; for `redirected` only. Not fit for printing.
    public var location: String?

    public init(
        _ code: Code, host: String, message: String, hint: String = "", location: String? = nil
    ) {
        self.code = code
        self.host = host
        self.message = message
        self.hint = hint
        self.location = location
    }

    /// The same error without any of these texts in it.
    func redacting(_ secrets: [String]) -> HTTPError {
        var error = self
        error.message = HTTPText.redacted(message, secrets)
        error.location = location.map { HTTPText.redacted($0, secrets) }
        return error
    }
}

extension HTTPError: CustomStringConvertible {
    public var description: String {
        hint.isEmpty ? message : "\(message) \(hint)"
    }
}
