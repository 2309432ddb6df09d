import TallyStore
import TallyTerminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that takes the place of another only when it is whole.
final class OutputFile {
    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isWhole = false

    init(_ path: String) throws {
        self.path = path
        temporary = "\(path).\(getpid()).part"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure(path, .cannotCreate) }
    }

    deinit {
        close(descriptor)
        if !isWhole { unlink(temporary) }
    }

    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Puts the file in its place.
    func finish() throws {
        try flush()
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            throw Self.failure(path, .io)
        }
        isWhole = true
    }

    private func flush() throws {
        try Interruption.check()
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.failure(path, .io)
            }
            rest = rest.dropFirst(count)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String, _ code: StoreError.Code) -> StoreError {
        FileBytes.failure("\(path) cannot be written", code)
    }
}
