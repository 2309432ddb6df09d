import CCurl

/// The head's lines as libcurl takes them, freed with this object.
final class HeaderLines {
    private(set) var list: UnsafeMutablePointer<curl_slist>?

    init(_ request: HTTPRequest, isPacked: Bool, userAgent: String) {
        append(HTTPHeader("User-Agent", userAgent), unlessIn: request)
        append(HTTPHeader("Accept-Encoding", "zstd"), unlessIn: request)
        if isPacked { append(HTTPHeader("Content-Encoding", "zstd"), unlessIn: request) }
        // libcurl would call every body a form's, and hold one of more than 1 MiB back for up to a
        // second in the hope of "100 Continue". `Name:` takes a header of its own away:
        // https://curl.se/libcurl/c/CURLOPT_HTTPHEADER.html
        if request.headers["Content-Type"] == nil { append("Content-Type:") }
        if request.headers["Expect"] == nil { append("Expect:") }
        for header in request.headers { append(header) }
    }

    deinit {
        curl_slist_free_all(list)
    }

    private func append(_ header: HTTPHeader, unlessIn request: HTTPRequest) {
        if request.headers[header.name] == nil { append(header) }
    }

    private func append(_ header: HTTPHeader) {
        // `Name;` is how a header without a value is sent.
        let isEmpty = header.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
        append(isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
    }

    private func append(_ line: String) {
        guard let longer = curl_slist_append(list, line) else { fatalError("no memory") }
        list = longer
    }
}
