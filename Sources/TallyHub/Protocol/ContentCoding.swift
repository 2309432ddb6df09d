import TallyWire
import TallyZstd

/// `Content-Encoding: zstd` either way; identity always works.
enum ContentCoding {
    /// Bodies shorter than this are not worth packing.
    static let shortestPackedBytes = 1024

    /// The body of a request, unpacked, once its size is known to be within bounds.
    ///
    /// - Throws: `too-large`, before more than the bound is unpacked; `bad-request` for an unknown coding.
    static func unpack(
        _ body: HubRequest.Body, headers: HubHeaders, limit: Int
    ) throws(Problem) -> [UInt8] {
        let declared = headers["content-length"].flatMap { Int($0) } ?? 0
        let count = max(body.byteCount, declared)
        guard count <= limit else { throw tooLarge(count, limit: limit) }
        guard case .whole(let bytes) = body else { return [] }
        switch headers["content-encoding"]?.lowercased() ?? "identity" {
        case "identity", "": return bytes
        case "zstd":
            do throws(ZstdError) {
                return try Zstd.decompress(bytes, limit: limit)
            } catch {
                if case .tooLarge = error { throw tooLarge(limit + 1, limit: limit) }
                throw Problem(.badRequest, error.description)
            }
        case let coding:
            throw Problem(
                .badRequest,
                "Content-Encoding \(shown(coding)) is not taken: send zstd or nothing")
        }
    }

    private static func tooLarge(_ count: Int, limit: Int) -> Problem {
        if limit == HubRequest.maximumSmallBytes {
            return Problem(.tooLarge, "the body has \(count) bytes or more; \(limit) are taken")
        }
        return PushBody.tooLarge(count)
    }

    /// Packs the body of an answer where the client takes zstd and it is worth it.
    static func pack(_ answer: inout HubAnswer, for request: HubRequest) {
        guard answer.body.count > shortestPackedBytes,
            answer.headers["content-encoding"] == nil
        else { return }
        answer.headers.add("vary", "accept-encoding")
        guard accepts("zstd", request.headers["accept-encoding"]) else { return }
        answer.body = Zstd.compress(answer.body)
        answer.headers.add("content-encoding", "zstd")
    }

    /// - Parameter header: as in RFC 9110 section 12.5.3: `zstd, gzip;q=0.5`.
    static func accepts(_ coding: String, _ header: String?) -> Bool {
        for part in (header ?? "").lowercased().split(separator: ",") {
            let words = part.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard words.first == coding else { continue }
            return !words.dropFirst().contains {
                $0.hasPrefix("q=") && Double($0.dropFirst(2)) == 0
            }
        }
        return false
    }
}
