#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Small files, read and replaced whole.
public enum FileBytes {
    /// - Returns: nil when there is no such file.
    public static func read(_ path: String, limit: Int) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw failure("\(path) cannot be read", .notPermitted)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = readBytes(descriptor, &buffer)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("\(path) cannot be read", .io)
            }
            bytes.append(contentsOf: buffer.prefix(count))
            if bytes.count > limit {
                throw StoreError(
                    .badInput, "\(path) is larger than \(limit) bytes",
                    hint: "Is it the right file?")
            }
        }
    }

    /// The names in a folder; none when it cannot be read.
    package static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    /// Writes all of `bytes` to an open file.
    ///
    /// - Parameter path: for the message.
    public static func writeAll(
        _ bytes: [UInt8], to descriptor: Int32, _ path: String
    ) throws(StoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("\(path) cannot be written", .io)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Puts `bytes` in the place of a file, mode 0600: whole and on the disk, or not at all.
    ///
    /// The draft beside it, `PATH.new`, has one name, so that the next to write takes the place of one that was killed:
    /// whoever writes holds a lock.
    public static func replace(_ path: String, with bytes: [UInt8]) throws {
        let temporary = "\(path).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw failure("\(temporary) cannot be written", .cannotCreate)
        }
        var isWhole = false
        defer { if !isWhole { unlink(temporary) } }
        do {
            defer { close(descriptor) }
            try writeAll(bytes, to: descriptor, temporary)
            guard fsync(descriptor) == 0 else {
                throw failure("\(temporary) cannot be written", .io)
            }
        }
        guard rename(temporary, path) == 0 else { throw failure("\(path) cannot be written", .io) }
        isWhole = true
        syncFolder(of: path)
    }

    /// Makes a folder and those above it, mode 0700.
    public static func makeFolder(_ path: String) throws {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeFolder(String(path[..<slash]))
            if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        }
        throw failure("The folder \(path) cannot be made", .cannotCreate)
    }

    /// A rename is on the disk only when its folder is.
    static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    package static func failure(_ what: String, _ code: StoreError.Code) -> StoreError {
        if errno == ENOSPC || errno == EDQUOT { return StoreError(diskFull: what) }
        let code = errno == EIO ? .io : code
        return StoreError(
            code, "\(what): \(String(cString: strerror(errno)))",
            hint: code == .io
                ? "Check the disk; nothing was half done." : "Check the path and its permissions.")
    }
}

/// read(2) under another name than the function above.
private func readBytes(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    let count = buffer.count
    return buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, count) }
}
