import Synchronization
import TallyStore
import TallyTerminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is read piece by piece, as often as it is opened; standard input and pipes too, of which a copy is kept.
final class InputFile {
    /// For messages: the last part of the path, or all of it where that is no name that anybody gave, as in `/dev/fd/63`.
    let name: String
    /// The name without its ending, for files beside it; nil where nobody gave one.
    let stem: String?
    /// How many bytes have been read since it was opened last.
    private let bytesRead = Mutex<Int64>(0)
    /// How many bytes there are; nil until a pipe has been read to its end.
    private(set) var byteCount: Int64?

    private let path: String
    private let isRegular: Bool
    /// Standard input where it is a file, or the copy of a pipe; nil for what is opened by its path.
    private var kept: Descriptor?

    /// - Throws: `Failure` when it cannot be read at all.
    init(_ path: String) throws {
        self.path = path
        let isOfSystem = ["/dev/fd/", "/dev/stdin", "/proc/"].contains { path.hasPrefix($0) }
        name = path == "-" ? "standard input" : isOfSystem ? path : FilePath.name(path)
        stem = path == "-" || isOfSystem ? nil : FilePath.stem(path)
        let mode = fcntl(0, F_GETFL)
        if path == "-", mode < 0 || mode & O_ACCMODE == O_WRONLY {
            throw Failure(
                "no-file", "standard input cannot be read: it is closed, or open for writing alone",
                hint: "Name a file, or send one: tally import - < FILE", exitCode: 66)
        }
        var status = stat()
        guard (path == "-" ? fstat(0, &status) : stat(path, &status)) == 0 else {
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
        isRegular = status.st_mode & S_IFMT == S_IFREG
        byteCount = isRegular ? Int64(status.st_size) : nil
    }

    /// Begins to read from the start.
    ///
    /// - Returns: what gives the next bytes; none at the end.
    func open() throws -> () throws -> [UInt8] {
        let descriptor = try kept ?? source()
        var offset: off_t = 0
        bytesRead.withLock { $0 = 0 }
        return { [self] in
            let bytes = try descriptor.read(at: offset)
            offset += off_t(bytes.count)
            bytesRead.withLock { $0 += Int64(bytes.count) }
            return bytes
        }
    }

    /// How many rows the file may have, by those read of its bytes: three digits of it.
    func estimate(of rows: Int) -> Int64? {
        let bytesRead = bytesRead.withLock { $0 }
        guard let byteCount, bytesRead > 0, byteCount > bytesRead else { return nil }
        let total = Double(rows) * Double(byteCount) / Double(bytesRead)
        var unit = 1.0
        while total / unit >= 1000 { unit *= 10 }
        return Int64((total / unit).rounded(.up) * unit)
    }

    private func source() throws -> Descriptor {
        if isRegular, path != "-" { return try Descriptor(path, name: name) }
        let input = path == "-" ? Descriptor(dup(0), name: name) : try Descriptor(path, name: name)
        let kept = isRegular ? input : try copy(of: input)
        self.kept = kept
        return kept
    }

    /// All that a pipe gives, in a file without a name.
    private func copy(of input: Descriptor) throws -> Descriptor {
        var template = Array("\(FilePath.temporaryFolder())/tally-input-XXXXXX".utf8CString)
        let number = mkstemp(&template)
        guard number >= 0 else {
            throw FileBytes.failure("\(name) cannot be kept in a temporary file", .cannotCreate)
        }
        unlink(template)
        let copy = Descriptor(number, name: name)
        var count: Int64 = 0
        while case let bytes = try input.readNext(), !bytes.isEmpty {
            try copy.write(bytes)
            count += Int64(bytes.count)
        }
        byteCount = count
        return copy
    }
}

/// An open file; closed when nobody uses it any more.
private final class Descriptor {
    private let number: Int32
    private let name: String
    private var buffer = [UInt8](repeating: 0, count: 256 * 1024)
    /// Where reading begins: a shell may have read the first lines of standard input.
    private let start: off_t

    init(_ number: Int32, name: String) {
        self.number = number
        self.name = name
        start = max(0, lseek(number, 0, SEEK_CUR))
    }

    convenience init(_ path: String, name: String) throws {
        // A pipe without a writer is waited for where a signal is heard, in the reading.
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else {
            throw Failure(
                "not-permitted", "\(path) cannot be read: \(String(cString: strerror(errno)))",
                hint: "Check the permissions.", exitCode: 77)
        }
        self.init(number, name: name)
    }

    deinit { close(number) }

    func read(at offset: off_t) throws -> [UInt8] {
        try reading { pread(number, &buffer, buffer.count, start + offset) }
    }

    /// The next bytes of a pipe, which may have nothing for long.
    func readNext() throws -> [UInt8] {
        try reading {
            try Interruption.waitForInput(number)
            return readBytes(number, &buffer)
        }
    }

    private func reading(_ read: () throws -> Int) throws -> [UInt8] {
        while true {
            let count = try read()
            if count >= 0 { return Array(buffer.prefix(count)) }
            if errno == EINTR || errno == EAGAIN { continue }
            throw Failure(
                "io", "\(name) cannot be read: \(String(cString: strerror(errno)))",
                hint: "Check the disk.", exitCode: 74)
        }
    }

    func write(_ bytes: [UInt8]) throws {
        try FileBytes.writeAll(bytes, to: number, "the temporary copy of \(name)")
    }
}

private func readBytes(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    read(descriptor, &buffer, buffer.count)
}
