import CCurl

/// What is needed of an address before it is asked: that it may be asked, and its name in messages.
struct WebAddress {
    /// `name`, or `name:port` where a port is given.
    let host: String

    /// - Throws: `HTTPError.badURL` for anything but http or https, and where user or password are
    ///   given: they would end in logs, and tokens are the only way in; or when there is no libcurl.
    init(_ url: String) throws(HTTPError) {
        if let fault = tally_curl_fault() { throw .noLibrary(String(cString: fault)) }
        // A C string would end at NUL, and libcurl would ask something else than was given.
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .badURL(url, "it holds a space or control character")
        }
        let lowercased = url.utf8.prefix(8).map(\.asciiLowercased)
        guard ["https://", "http://"].contains(where: { lowercased.starts(with: $0.utf8) }) else {
            throw .badURL(url, "it does not begin with https:// or http://")
        }
        // The same parser as the transfer's: https://curl.se/libcurl/c/libcurl-url.html
        guard let parsed = curl_url() else { fatalError("no memory for an address") }
        defer { curl_url_cleanup(parsed) }
        let result = curl_url_set(parsed, CURLUPART_URL, url, 0)
        guard result == CURLUE_OK else {
            throw .badURL(url, HTTPText.printable(String(cString: curl_url_strerror(result))))
        }
        let name = WebAddress.part(CURLUPART_HOST, of: parsed) ?? ""
        let port = WebAddress.part(CURLUPART_PORT, of: parsed).map { ":\($0)" } ?? ""
        host = HTTPText.printable(name + port)
        guard !name.isEmpty else { throw .badURL(url, "it names no host") }
        guard WebAddress.part(CURLUPART_USER, of: parsed) == nil,
            WebAddress.part(CURLUPART_PASSWORD, of: parsed) == nil
        else { throw .userInURL(host: host) }
    }

    private static func part(_ part: CURLUPart, of parsed: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(parsed, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
