import TallyZstd

/// zstd on the way out and in (RFC 9110, section 8.4; RFC 9659).
///
/// libcurl's own decoding (CURLOPT_ACCEPT_ENCODING) is not used: it knows no bound for what a body
/// unpacks to.
enum ContentCoding {
    /// Below this, packing saves less than its header costs.
    static let minimumPackedBytes = 1024

    /// The body as it is sent, and whether that is zstd.
    static func outgoing(
        _ request: HTTPRequest, _ compressor: ZstdCompressor
    ) -> (body: [UInt8]?, isPacked: Bool) {
        guard request.compressBody, let body = request.body, body.count > minimumPackedBytes,
            request.headers["Content-Encoding"] == nil
        else { return (request.body, false) }
        let packed = compressor.compress(body)
        return packed.count < body.count ? (packed, true) : (body, false)
    }

    /// The body that was meant by the one that came; a part of one (206) as it came.
    ///
    /// - Throws: `HTTPError.tooLarge` past `limit`, `.protocol` for a coding that was not asked for
    ///   and for what does not unpack.
    static func incoming(
        _ body: [UInt8], status: Int, headers: [HTTPHeader], limit: Int, host: String,
        _ decompressor: ZstdDecompressor
    ) throws(HTTPError) -> [UInt8] {
        let codings = headers.values(named: "Content-Encoding")
            .flatMap { $0.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }) }
            .map { $0.lowercased() }
            .filter { $0 != "identity" }
        // These have no body, whatever their headers say of the one that they stand for; and a part of a packed body does not
        // unpack (RFC 9110, section 14).
        guard !codings.isEmpty, ![204, 206, 304].contains(status) else { return body }
        guard codings == ["zstd"] else {
            let named = HTTPText.printable(codings.joined(separator: ", "), limit: 40)
            throw .badAnswer(
                host: host, "it is packed as \"\(named)\", where zstd or nothing was asked for")
        }
        do {
            return try decompressor.decompress(body, limit: limit)
        } catch .tooLarge {
            throw .tooLarge(host: host, "a packed body of more", limit: limit)
        } catch {
            throw .badAnswer(host: host, "its body does not unpack. \("\(error)".dropLast())")
        }
    }
}
