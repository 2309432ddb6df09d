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
    /// How many bytes the file has; nil for a pipe.
    let byteCount: Int64?
    private let isPipe: Bool
    private let reading = Reading()

    /// How far it has been read, and what a pipe has given, for whoever reads it again.
    private final class Reading {
        var bytesRead: Int64 = 0
        var copy: Int32?

        deinit { if let copy { close(copy) } }
    }

    var bytesRead: Int64 { reading.bytesRead }

    /// - Throws: `Failure` when it cannot be read at all.
    init(_ path: String) throws {
        self.path = path
        name = path == "-" ? "standard input" : FilePath.name(path)
        var status = stat()
        guard path != "-" else {
            let isFile = fstat(0, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            isPipe = false
            byteCount = isFile ? Int64(status.st_size) : nil
            return
        }
        guard stat(path, &status) == 0 else {
            throw Failure(
                errno == ENOENT ? "no-file" : "not-permitted",
                "\(path) cannot be read: \(String(cString: strerror(errno)))",
                hint: path.hasPrefix("http") && path.contains("://")
                    ? "Get it first: curl -O \(path)" : "Check the path.",
                exitCode: errno == ENOENT ? 66 : 77)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw Failure(
                "bad-input", "\(path) is a folder", hint: "Name a file in it.", exitCode: 65)
        }
        byteCount = status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : nil
        isPipe = status.st_mode & S_IFMT == S_IFIFO
    }

    /// Begins to read from the start. Of standard input a copy is kept in a file without a name, so that it can be read twice.
    ///
    /// - Returns: what gives the next bytes; none at the end.
    func open() throws -> () throws -> [UInt8] {
        if path == "-" { return try openStandardInput() }
        // A pipe without a writer is waited for where a signal is heard, in the reading.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | (isPipe ? O_NONBLOCK : 0))
        guard descriptor >= 0 else {
            throw Failure(
                "not-permitted", "\(path) cannot be read: \(String(cString: strerror(errno)))",
                hint: "Check the permissions.", exitCode: 77)
        }
        return counted(OpenFile(descriptor: descriptor, path: path))
    }

    private func counted(_ file: OpenFile) -> () throws -> [UInt8] {
        reading.bytesRead = 0
        return { [reading] in
            let bytes = try file.next()
            reading.bytesRead += Int64(bytes.count)
            return bytes
        }
    }

    private func openStandardInput() throws -> () throws -> [UInt8] {
        if let copy = reading.copy {
            lseek(copy, 0, SEEK_SET)
            return counted(OpenFile(descriptor: dup(copy), path: name))
        }
        var template = Array("\(FilePath.temporaryFolder())/tally-input-XXXXXX".utf8CString)
        let copy = mkstemp(&template)
        guard copy >= 0 else {
            throw FileBytes.failure("\(name) cannot be kept in a temporary file", .cannotCreate)
        }
        unlink(template)
        reading.copy = copy
        let next = counted(OpenFile(descriptor: dup(0), path: name))
        return {
            let bytes = try next()
            guard bytes.withUnsafeBytes({ write(copy, $0.baseAddress, $0.count) }) == bytes.count
            else { throw FileBytes.failure("\(name) cannot be kept in a temporary file", .io) }
            return bytes
        }
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
                if errno == EINTR || errno == EAGAIN { continue }
                throw Failure(
                    "io", "\(path) cannot be read: \(String(cString: strerror(errno)))",
                    hint: "Check the disk.", exitCode: 74)
            }
        }
    }
}
