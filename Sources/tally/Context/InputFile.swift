import TallyStore
import TallyTerminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is read piece by piece, or standard input.
struct InputFile {
    /// For messages: the last part of the path.
    let name: String
    private let path: String

    /// - Throws: `Failure` when it cannot be read at all.
    init(_ path: String) throws {
        self.path = path
        name = path == "-" ? "standard input" : FilePath.name(path)
        guard path != "-" else { return }
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw Failure(
                errno == ENOENT ? "no-file" : "not-permitted",
                "\(path) cannot be read: \(String(cString: strerror(errno)))",
                hint: "Check the path.", exitCode: errno == ENOENT ? 66 : 77)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw Failure(
                "bad-input", "\(path) is a folder", hint: "Name a file in it.", exitCode: 65)
        }
    }

    /// Begins to read from the start.
    ///
    /// - Returns: what gives the next bytes; none at the end.
    func open() throws -> () throws -> [UInt8] {
        let descriptor = path == "-" ? dup(0) : Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(
                "not-permitted", "\(path) cannot be read: \(String(cString: strerror(errno)))",
                hint: "Check the permissions.", exitCode: 77)
        }
        let file = OpenFile(descriptor: descriptor, path: path)
        return { try file.next() }
    }

    /// Closes the descriptor when nobody reads any more.
    private final class OpenFile {
        private let descriptor: Int32
        private let path: String
        private var buffer = [UInt8](repeating: 0, count: 256 * 1024)

        init(descriptor: Int32, path: String) {
            self.descriptor = descriptor
            self.path = path
        }

        deinit { close(descriptor) }

        func next() throws -> [UInt8] {
            while true {
                // A pipe may have nothing for long.
                try Interruption.waitForInput(descriptor)
                let count = read(descriptor, &buffer, buffer.count)
                if count >= 0 { return Array(buffer.prefix(count)) }
                if errno == EINTR { continue }
                throw Failure(
                    "io", "\(path) cannot be read: \(String(cString: strerror(errno)))",
                    hint: "Check the disk.", exitCode: 74)
            }
        }
    }
}
