import TallyStore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What people do to files with `cp`, `mv` and `rm`.
enum FileSystem {
    static func makeFolder(_ path: String) throws { try FileBytes.makeFolder(path) }

    /// - Throws: where anything of that name is there, a link too.
    static func makeNewFolder(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 else {
            throw FileBytes.failure("The folder \(path) cannot be made", .cannotCreate)
        }
    }

    static func copy(_ path: String, to target: String) throws {
        guard let bytes = try FileBytes.read(path, limit: 1 << 30) else {
            throw Violation("files", "\(path) is not there")
        }
        SimulatedDisk.forget(target)
        try FileBytes.replace(target, with: bytes)
        if target.hasSuffix("-wal") { SimulatedDisk.setLog(target, isLatest: true) }
    }

    static func move(_ path: String, to target: String) throws {
        SimulatedDisk.forget(path)
        guard rename(path, target) == 0 else {
            throw Violation("files", "\(path) cannot be moved: errno \(errno)")
        }
        // To move a file sets the time by which `LeftLog` judges it, and to move its log does not.
        if target.hasSuffix("-wal") { SimulatedDisk.setLog(target, isLatest: false) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Removes a file, a folder with all that is in it, or a link, and not what it leads to.
    static func remove(_ path: String) {
        SimulatedDisk.forget(path)
        if unlink(path) == 0 { return }
        for name in names(in: path) { remove("\(path)/\(name)") }
        rmdir(path)
    }

    static func names(in folder: String) -> [String] {
        FileBytes.names(in: folder).filter { $0 != "." && $0 != ".." }.sorted()
    }
}
