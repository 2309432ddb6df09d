#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A dataset file and what SQLite keeps beside it, with links followed as SQLite follows them.
struct FilePlace: Sendable, Equatable {
    let file: String
    var log: String { file + "-wal" }
    var index: String { file + "-shm" }

    init(_ path: String) {
        if let real = realpath(path, nil) {
            file = String(cString: real)
            free(real)
        } else {
            file = path
        }
    }

    private var folder: String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// - Returns: nil where there is no such file.
    func size(of path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// What stands in the way of writing the file.
    struct Obstacle {
        enum What {
            case file, folder, beside
        }

        let what: What
        let path: String
        let reason: String
        /// The disk, not the permissions.
        let isDisk: Bool
    }

    /// - Returns: nil when the file may be written.
    func obstacle() -> Obstacle? {
        if let obstacle = obstacle(.file, file) { return obstacle }
        let beside = [log, index].filter { size(of: $0) != nil }
        for path in beside {
            if let obstacle = obstacle(.beside, path) { return obstacle }
        }
        return beside.count == 2 ? nil : obstacle(.folder, folder)
    }

    private func obstacle(_ what: Obstacle.What, _ path: String) -> Obstacle? {
        if faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 { return nil }
        let code = errno
        return Obstacle(
            what: what, path: path, reason: String(cString: strerror(code)), isDisk: code == EROFS)
    }
}

extension FilePlace.Obstacle {
    /// - Parameter path: the file as the user named it.
    func error(_ path: String) -> StoreError {
        let copy = "or work in a copy: tally clone \(path) FILE"
        if isDisk {
            return StoreError(
                .readOnly, "\(path) cannot be written: \(reason)",
                hint: "Work in a copy on another disk: tally clone \(path) FILE")
        }
        switch what {
        case .file:
            return StoreError(
                .readOnly, "\(path) cannot be written: \(reason)",
                hint: "Let its owner allow it (chmod u+w \(path)), \(copy)")
        case .folder:
            return StoreError(
                .readOnly,
                "\(path) cannot be written: its folder \(self.path) may not be, and changes need a log beside the file",
                hint: "Let its owner allow it (chmod u+w \(self.path)), \(copy)")
        case .beside:
            return StoreError(
                .readOnly,
                "\(path) cannot be written: \(self.path), which belongs to it, is read-only for you",
                hint: "Let its owner allow it (chmod u+w \(self.path)), \(copy)")
        }
    }
}
