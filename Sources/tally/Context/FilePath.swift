#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Paths, folders and names that the system gives.
enum FilePath {
    static func currentFolder() -> String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }

    static func parent(of path: String) -> String? {
        guard path != "/", let slash = path.lastIndex(of: "/") else { return nil }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func name(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// The name without its last ending.
    static func stem(_ path: String) -> String {
        let name = name(path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// The files of a folder with that ending, sorted, as paths.
    static func files(in folder: String, ending: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var found: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(ending), name != ending {
                found.append(folder == "/" ? "/\(name)" : "\(folder)/\(name)")
            }
        }
        return found.sorted()
    }

    /// Whether two paths lead to one file.
    static func isSame(_ a: String, _ b: String) -> Bool {
        var (one, other) = (stat(), stat())
        return stat(a, &one) == 0 && stat(b, &other) == 0
            && (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
    }

    /// Where a path leads that may be a symbolic link, of which the file need not be there yet.
    ///
    /// - Returns: nil, with `errno`, where links lead to each other.
    static func followed(_ path: String) -> String? {
        var path = path
        // As many as Linux follows.
        for _ in 0...40 {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(path, &buffer, buffer.count)
            if count < 0 { return path }
            let bytes = buffer.prefix(count).map { UInt8(bitPattern: $0) }
            guard let target = String(validating: bytes, as: UTF8.self) else {
                errno = EILSEQ
                return nil
            }
            let folder = target.hasPrefix("/") ? nil : parent(of: path)
            path = folder.map { $0 == "/" ? "/\(target)" : "\($0)/\(target)" } ?? target
        }
        errno = ELOOP
        return nil
    }

    static func temporaryFolder() -> String {
        guard let folder = getenv("TMPDIR"), folder[0] != 0 else { return "/tmp" }
        return String(cString: folder)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

    static func userName() -> String {
        guard let entry = getpwuid(getuid()) else { return "somebody" }
        return String(cString: entry.pointee.pw_name)
    }

    /// The name of this machine without its domain.
    static func hostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "machine" }
        let name = String(
            decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let short = name.prefix { $0 != "." }
        return short.isEmpty ? "machine" : String(short)
    }
}
