/// A part of a snapshot, as a hub answers it to a request with `Range`.
struct SnapshotPiece: Equatable {
    let bytes: [UInt8]
    /// Where it begins, in bytes as they are sent.
    let start: Int
    /// How many there are of all parts.
    let total: Int
    /// The `ETag`: of other bytes it is another.
    let tag: String
    /// Whether all parts together are one zstd frame.
    let isPacked: Bool

    /// - Returns: nil where the headers of an answer with the status 206 do not say what is there.
    init?(_ answer: HTTPResponse) {
        guard let tag = answer.headers["ETag"], tag.hasPrefix("\""), tag.utf8.count <= 200,
            let range = answer.headers["Content-Range"]
        else { return nil }
        // bytes FIRST-LAST/TOTAL (RFC 9110, section 14.4)
        let parts = range.split(omittingEmptySubsequences: false) { " -/".contains($0) }
        let numbers = parts.dropFirst().map { $0.allSatisfy(\.isNumber) ? Int($0) : nil }
        guard parts.first?.lowercased() == "bytes", numbers.count == 3, let first = numbers[0],
            let last = numbers[1], let total = numbers[2], first <= last, last < total,
            last - first + 1 == answer.body.count
        else { return nil }
        switch answer.headers["Content-Encoding"]?.lowercased() ?? "identity" {
        case "identity": isPacked = false
        case "zstd": isPacked = true
        default: return nil
        }
        (bytes, start, self.total, self.tag) = (answer.body, first, total, tag)
    }
}
