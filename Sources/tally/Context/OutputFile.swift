import TallyStore
import TallyTerminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that takes the place of another only when it is whole; of a symbolic link, that of the file that it leads to.
final class OutputFile {
    /// As it was given, for messages.
    private let path: String
    private let place: String
    private let temporary: String
    private let isInPlace: Bool
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isWhole = false

    init(_ path: String) throws {
        // Records may be written over other records, but not over all that a team has.
        if Self.isDatabase(path) {
            throw Failure(
                "file-exists", "\(path) is a database; it was left as it is",
                hint: "Choose another name, or remove the file first.", exitCode: 73)
        }
        self.path = path
        var status = stat()
        let isThere = stat(path, &status) == 0
        if isThere, status.st_mode & S_IFMT == S_IFDIR {
            throw Failure(
                "bad-input", "\(path) is a folder", hint: "Name a file in it.", exitCode: 73)
        }
        // A device or a pipe is written to, and nothing takes its place.
        isInPlace = isThere && status.st_mode & S_IFMT != S_IFREG
        guard let place = FilePath.followed(path) else { throw Self.failure(path, .cannotCreate) }
        self.place = place
        temporary = isInPlace ? path : "\(place).\(getpid()).part"
        let flags = isInPlace ? O_WRONLY : O_WRONLY | O_CREAT | O_TRUNC
        descriptor = open(temporary, flags | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure(path, .cannotCreate) }
        // What others could not read before, they cannot read now.
        if isThere, !isInPlace { fchmod(descriptor, status.st_mode & 0o777) }
    }

    private static func isDatabase(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16)
        return pread(descriptor, &bytes, bytes.count, 0) == bytes.count
            && bytes.elementsEqual("SQLite format 3\0".utf8)
    }

    deinit {
        close(descriptor)
        if !isWhole, !isInPlace { unlink(temporary) }
    }

    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Puts the file in its place.
    func finish() throws {
        try flush()
        if isInPlace { return }
        guard fsync(descriptor) == 0, rename(temporary, place) == 0 else {
            throw Self.failure(path, .io)
        }
        isWhole = true
    }

    private func flush() throws {
        try Interruption.check()
        try FileBytes.writeAll(buffer, to: descriptor, path)
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String, _ code: StoreError.Code) -> StoreError {
        FileBytes.failure("\(path) cannot be written", code)
    }
}
