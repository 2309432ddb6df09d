/// One request, one answer.
///
/// What sync needs of a web client, so that its driver can be tested without one. Calls block: never
/// on the cooperative pool.
public protocol HTTPExchange {
    /// - Throws: `HTTPError` when there is no whole answer to hand out. An answer of 4xx or 5xx is
    ///   an answer.
    func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse
}
