import Crypto
import TallyCore
import TallyWire

/// The last line of a bundle, which shows that it is whole: `{"end":6,"sha256":"…"}`, the number of the changesets and the
/// SHA-256, in lower-case hex, of every line before, line ends counted in.
struct BundleEnd: Equatable {
    let count: Int
    let digest: String

    init(count: Int, digest: String) {
        self.count = count
        self.digest = digest
    }

    /// - Returns: nil when the line is none.
    init?(line: [UInt8]) {
        guard let json = try? JSONValue(parsing: line), let count = json["end"]?.count,
            let digest = json["sha256"]?.string
        else { return nil }
        self.init(count: count, digest: digest)
    }

    var line: [UInt8] {
        JSONValue.object([
            .init("end", .number(Double(count))), .init("sha256", .string(digest)),
        ]).bytes
    }
}

/// The SHA-256 of lines, taken in one by one.
struct LineDigest {
    private var hash = SHA256()

    mutating func take(_ line: [UInt8]) {
        hash.update(data: line)
        hash.update(data: [UInt8(ascii: "\n")])
    }

    var text: String { hash.finalize().hex }
}
