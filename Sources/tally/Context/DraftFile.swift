import TallyStore
import TallyTerminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A temporary file that somebody edits; only its owner may read it.
struct DraftFile {
    let path: String

    private static let maximumBytes = 16 << 20

    /// Makes one in `$TMPDIR`, else `/tmp`, its name ending in `.txt`.
    init(folder: String?) throws {
        let template = "\(folder ?? "/tmp")/tally-edit-XXXXXX.txt"
        var bytes = template.utf8CString.map { $0 }
        let descriptor = mkstemps(&bytes, 4)
        guard descriptor >= 0 else {
            throw FileBytes.failure("\(template) cannot be made", .cannotCreate)
        }
        close(descriptor)
        path = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func write(_ bytes: [UInt8]) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileBytes.failure("\(path) cannot be written", .io) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileBytes.failure("\(path) cannot be written", .io) }
            rest = rest.dropFirst(count)
        }
    }

    /// - Returns: nothing where the editor took the file away.
    func read() throws -> [UInt8] {
        try FileBytes.read(path, limit: Self.maximumBytes) ?? []
    }

    func remove() { unlink(path) }
}
