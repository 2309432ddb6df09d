import CCurl

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension CurlHandle {
    /// What a failed transfer means: https://curl.se/libcurl/c/libcurl-errors.html
    func error(_ code: CURLcode, host: String, _ request: HTTPRequest) -> HTTPError {
        let detail = detail(code)
        switch code {
        case CURLE_UNSUPPORTED_PROTOCOL where hasBegun:
            return .badAnswer(host: host, detail)  // what came is not HTTP
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            return .badURL(request.url, detail)
        case CURLE_COULDNT_RESOLVE_HOST:
            return .unresolved(host: host)
        case CURLE_COULDNT_RESOLVE_PROXY:
            return .unresolvedProxy(host: host, detail: detail)
        case CURLE_COULDNT_CONNECT where long(CURLINFO_OS_ERRNO) == Int(ECONNREFUSED):
            return .refused(host: host)
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
            return .unreachable(host: host, detail: detail)
        case CURLE_PROXY:
            return .proxyRefused(host: host, detail: detail)
        case CURLE_RECV_ERROR where long(CURLINFO_HTTP_CONNECTCODE) >= 300:
            return .proxyRefused(host: host, detail: detail)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            return .untrusted(host: host, detail: detail)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
            return .noTLS(host: host, detail: detail)
        case CURLE_OPERATION_TIMEDOUT:
            return .timedOut(host: host, timeout(request, detail))
        case CURLE_FILESIZE_EXCEEDED:
            return .tooLarge(host: host, "a body of more", limit: request.maximumResponseBytes)
        case CURLE_OUT_OF_MEMORY where hasBegun, CURLcode(rawValue: 100):
            // A line of the head that is longer than CURL_MAX_HTTP_HEADER; since libcurl 8.6 that is CURLE_TOO_LARGE.
            return .tooLarge(host: host, "a header of more", limit: 100 * 1024)
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
            CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_SSL_SHUTDOWN_FAILED:
            return .lost(host: host, detail: detail)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP_RETURNED_ERROR:
            return .badAnswer(host: host, detail)
        default:
            return .other(host: host, detail: detail)
        }
    }

    /// Whether there was a connection, new or kept, on which the request could begin.
    private var hasBegun: Bool { offset(CURLINFO_PRETRANSFER_TIME_T) > 0 }

    /// Which of the request's bounds was passed; libcurl has one code for all.
    private func timeout(_ request: HTTPRequest, _ detail: String) -> String {
        if detail.hasPrefix("Operation too slow"), let lowSpeed = request.lowSpeed {
            return "was slower than \(lowSpeed.bytesPerSecond) bytes a second "
                + "for \(lowSpeed.seconds) s"
        }
        if !hasBegun {
            let boundMs = min(request.connectTimeoutMs, request.timeoutMs ?? .max)
            return "took no connection within \(boundMs) ms"
        }
        let received = offset(CURLINFO_SIZE_DOWNLOAD_T)
        return "did not finish within \(request.timeoutMs ?? 0) ms (\(received) bytes came)"
    }
}
