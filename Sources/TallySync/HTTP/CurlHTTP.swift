import CCurl
import TallyZstd

/// HTTP over libcurl.
///
/// One handle serves request after request, so that a connection is used again. Certificates are
/// always verified; redirects are never followed, so that a token stays with the host for which it
/// was given; proxies are those of the environment (`https_proxy`, `http_proxy`, `no_proxy`). Every
/// transfer is bounded in size and time by its request.
///
/// Not `Sendable`: one thread at a time. Calls block.
public final class CurlHTTP: HTTPExchange {
    private let userAgent: String
    private let trust: CertificateTrust
    private let usesProxies: Bool
    private let isInterrupted: @Sendable () -> Bool
    private lazy var handle = CurlHandle()
    private let compressor = ZstdCompressor()
    private let decompressor = ZstdDecompressor()

    /// - Parameters:
    ///   - userAgent: `tally/VERSION`.
    ///   - usesProxies: whether the environment's proxies are used.
    ///   - isInterrupted: asked about every 100 ms of a transfer, from the calling thread.
    public init(
        userAgent: String, trust: CertificateTrust = .fromEnvironment(), usesProxies: Bool = true,
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) {
        self.userAgent = userAgent
        self.trust = trust
        self.usesProxies = usesProxies
        self.isInterrupted = isInterrupted
    }

    public func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
        do {
            return try exchange(request)
        } catch {
            throw error.redacting(request.secrets)
        }
    }

    private func exchange(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
        let host = try WebAddress(request.url).host
        for header in request.headers { try header.check(for: host) }
        guard !isInterrupted() else { throw .interrupted(host: host) }

        let inbox = Inbox(ResponseReader(maximumBodyBytes: request.maximumResponseBytes))
        let outgoing = ContentCoding.outgoing(request, compressor)
        let result = transfer(request, outgoing.body, isPacked: outgoing.isPacked, into: inbox)
        let reader = inbox.reader
        if let error = error(host: host, request, result, reader) { throw error }

        let status = handle.long(CURLINFO_RESPONSE_CODE)
        // 304 is the answer to If-None-Match, and leads nowhere.
        if (300...399).contains(status), status != 304 {
            throw .redirected(host: host, status: status, location: reader.headers["Location"])
        }
        let body = try ContentCoding.incoming(
            reader.body, status: status, headers: reader.headers,
            limit: request.maximumResponseBytes, host: host, decompressor)
        return HTTPResponse(status: status, headers: reader.headers, body: body, url: request.url)
    }

    /// Everything that libcurl must be given lives until the transfer ends; nil: interrupted.
    private func transfer(
        _ request: HTTPRequest, _ body: [UInt8]?, isPacked: Bool, into inbox: Inbox
    ) -> CURLcode? {
        let lines = HeaderLines(request, isPacked: isPacked, userAgent: userAgent)
        handle.reset()
        handle.setConstants()
        handle.setTrust(trust)
        if !usesProxies { handle.set(CURLOPT_NOPROXY, "*") }
        handle.setBounds(of: request)
        handle.set(CURLOPT_URL, request.url)
        handle.setPointer(CURLOPT_HTTPHEADER, lines.list)
        handle.receive(into: inbox)
        return withExtendedLifetime((lines, inbox)) {
            // A body that is absent and one of no bytes are the same on the wire for PUT and POST.
            (body ?? []).withUnsafeBytes { bytes in
                handle.setMethod(request.method, body: bytes)
                return BrokenPipe.held { handle.perform(isInterrupted: isInterrupted) }
            }
        }
    }

    private func error(
        host: String, _ request: HTTPRequest, _ result: CURLcode?, _ reader: ResponseReader
    ) -> HTTPError? {
        switch reader.refusal {
        case .headersTooLarge:
            return .tooLarge(
                host: host, "headers of more", limit: ResponseReader.maximumHeaderBytes)
        case .bodyTooLarge:
            return .tooLarge(host: host, "a body of more", limit: request.maximumResponseBytes)
        case nil: break
        }
        guard let result else { return .interrupted(host: host) }
        guard result != CURLE_OK else { return nil }
        return handle.error(result, host: host, request)
    }
}

@available(*, unavailable)
extension CurlHTTP: Sendable {}
