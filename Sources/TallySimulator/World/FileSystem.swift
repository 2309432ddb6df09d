import TallyStore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What people do to files with `cp`, `mv` and `rm`.
enum FileSystem {
    static func makeFolder(_ path: String) throws { try FileBytes.makeFolder(path) }

    static func copy(_ path: String, to target: String) throws {
        guard let bytes = try FileBytes.read(path, limit: 1 << 30) else {
            throw Violation("files", "\(path) is not there")
        }
        try FileBytes.replace(target, with: bytes)
    }

    static func move(_ path: String, to target: String) throws {
        guard rename(path, target) == 0 else {
            throw Violation("files", "\(path) cannot be moved: errno \(errno)")
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func remove(_ path: String) {
        for name in names(in: path) { remove("\(path)/\(name)") }
        if rmdir(path) != 0 { unlink(path) }
    }

    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
