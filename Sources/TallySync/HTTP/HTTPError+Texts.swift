/// The texts, one function each, so that they read alike and are tested word for word.
extension HTTPError {
    private static let workOffline = "or work offline and sync later."

    static func badURL(_ url: String, _ why: String) -> HTTPError {
        HTTPError(
            .badURL, host: "", message: "\"\(HTTPText.shownURL(url))\" is not an address: \(why).",
            hint: "An address looks like https://hub.example.org/v1/datasets/korea.")
    }

    static func userInURL(host: String) -> HTTPError {
        HTTPError(
            .badURL, host: host,
            message: "The address of \(host) holds a user name or password, which would be logged.",
            hint: "Leave it out; a token is given with: tally login URL")
    }

    static func badHeaderName(host: String, _ name: String) -> HTTPError {
        HTTPError(
            .badHeader, host: host,
            message: "\"\(HTTPText.printable(name))\" cannot be the name of a header.")
    }

    static func badHeaderValue(host: String, _ name: String) -> HTTPError {
        HTTPError(
            .badHeader, host: host,
            message: "The value of header \(name) holds a line break or control character.",
            hint: "A token is one line of printable characters: check $TALLY_TOKEN.")
    }

    static func noLibrary(_ detail: String) -> HTTPError {
        HTTPError(
            .other, host: "", message: "libcurl cannot be loaded: \(HTTPText.printable(detail)).",
            hint: "Install it (libcurl4 in Debian), \(workOffline)")
    }

    static func unresolved(host: String) -> HTTPError {
        HTTPError(
            .unresolvedHost, host: host, message: "The name of \(host) could not be resolved.",
            hint: "Check the address, \(workOffline)")
    }

    static func unresolvedProxy(host: String, detail: String) -> HTTPError {
        HTTPError(
            .unresolvedHost, host: host,
            message: "The proxy on the way to \(host) could not be found: \(detail).",
            hint: "Check $https_proxy, $http_proxy and $no_proxy.")
    }

    static func refused(host: String) -> HTTPError {
        HTTPError(
            .connectionRefused, host: host, message: "\(host) refuses connections.",
            hint: "Check that the hub runs there, \(workOffline)")
    }

    static func unreachable(host: String, detail: String) -> HTTPError {
        HTTPError(
            .connectionFailed, host: host, message: "\(host) cannot be reached: \(detail).",
            hint: "Check the network, \(workOffline)")
    }

    static func proxyRefused(host: String, detail: String) -> HTTPError {
        HTTPError(
            .proxyRefused, host: host,
            message: "The proxy does not open the way to \(host): \(detail).",
            hint: "Check $https_proxy, $http_proxy and $no_proxy.")
    }

    static func untrusted(host: String, detail: String) -> HTTPError {
        HTTPError(
            .tls, host: host,
            message: "The certificate of \(host) is not trusted (\(detail)): nothing was sent.",
            hint: "If the hub has a certificate of its own, name its file in $CURL_CA_BUNDLE.")
    }

    static func noTLS(host: String, detail: String) -> HTTPError {
        HTTPError(
            .tls, host: host, message: "No secure connection to \(host): \(detail).",
            hint: "Check that the hub speaks TLS at this port, and $CURL_CA_BUNDLE if it is set.")
    }

    static func lost(host: String, detail: String) -> HTTPError {
        HTTPError(
            .connectionLost, host: host,
            message: "The connection to \(host) broke off: \(detail).",
            hint: "Try again, \(workOffline)")
    }

    static func timedOut(host: String, _ what: String) -> HTTPError {
        HTTPError(
            .timedOut, host: host, message: "\(host) \(what).", hint: "Try again, \(workOffline)")
    }

    static func interrupted(host: String) -> HTTPError {
        HTTPError(
            .interrupted, host: host, message: "Interrupted while talking to \(host).",
            hint: "Run the command again: it goes on where it was.")
    }

    static func redirected(host: String, status: Int, location: String?) -> HTTPError {
        let target = location.map { " to \(HTTPText.shownURL($0))" } ?? ""
        return HTTPError(
            .redirected, host: host,
            message: "\(host) redirects\(target) (\(status)), which is not followed, "
                + "so that the token goes nowhere else.",
            hint: "If the hub has moved there, give that address instead.", location: location)
    }

    static func tooLarge(host: String, _ what: String, limit: Int) -> HTTPError {
        HTTPError(
            .tooLarge, host: host, message: "\(host) answered with \(what) than \(limit) bytes.",
            hint: "Check that the address is that of a hub.")
    }

    static func badAnswer(host: String, _ detail: String) -> HTTPError {
        HTTPError(
            .protocol, host: host, message: "The answer of \(host) makes no sense: \(detail).",
            hint: "Check that the address is that of a hub.")
    }

    static func other(host: String, detail: String) -> HTTPError {
        HTTPError(.other, host: host, message: "The exchange with \(host) failed: \(detail).")
    }
}
