#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that must not be there yet.
package enum NewFile {
    /// Makes an empty file, which SQLite takes for a new database.
    static func claim(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            if errno == EEXIST { throw StoreError(fileExists: path) }
            throw FileBytes.failure("\(path) cannot be made", .cannotCreate)
        }
        close(descriptor)
    }

    /// Takes back a database that could not be made, and what SQLite keeps beside it.
    package static func remove(_ path: String) {
        for ending in ["", "-wal", "-shm", "-journal"] { unlink(path + ending) }
    }
}

extension StoreError {
    package init(fileExists path: String) {
        self.init(
            .fileExists, "\(path) exists already; it was left as it is",
            hint: "Choose another name, or remove the file first.")
    }
}
