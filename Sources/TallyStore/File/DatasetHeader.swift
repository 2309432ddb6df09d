#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the first 100 bytes of a file say of it, read before SQLite may touch it.
///
/// Offsets as in the SQLite file format: https://www.sqlite.org/fileformat.html#the_database_header
enum DatasetHeader {
    /// `TALY`.
    static let applicationID: UInt32 = 0x5441_4c59
    /// The version of the tables; SQLite's user_version.
    static let format: UInt32 = 1

    private static let magic = Array("SQLite format 3\0".utf8)

    /// Whether the file begins as every SQLite file does, whoever's it is.
    static func isSQLite(_ path: String) throws(StoreError) -> Bool {
        try read(path).starts(with: magic)
    }

    /// - Throws: `StoreError` unless the file is a dataset of a format that this version reads.
    static func check(path: String) throws(StoreError) {
        let bytes = try read(path)
        guard bytes.count == 100, bytes.starts(with: magic) else {
            throw StoreError(
                .notADataset, "\(path) is not a Tally dataset: it is no SQLite file",
                hint: "Name a dataset with -f FILE, or make one: tally init FILE")
        }
        func number(at offset: Int) -> UInt32 {
            bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
        }
        guard number(at: 68) == applicationID else {
            throw StoreError(
                .notADataset, "\(path) is an SQLite file of another program, not a Tally dataset",
                hint: "Nothing was changed. Name a dataset with -f FILE.")
        }
        let version = number(at: 60)
        guard version <= format else {
            throw StoreError(
                .newerFormat,
                "\(path) is of format \(version); this version of Tally reads up to \(format)",
                hint: "Nothing was changed. Install a newer version of Tally.")
        }
    }

    private static func read(_ path: String) throws(StoreError) -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == EACCES {
                throw StoreError(
                    .notPermitted, "\(path) may not be read", hint: "Check the permissions.")
            }
            throw StoreError(
                .noFile, "There is no file \(path)",
                hint:
                    "Make a dataset with: tally init FILE, or copy one with: tally clone SOURCE FILE"
            )
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            throw StoreError(
                .notADataset, "\(path) is a folder, not a dataset", hint: "Name the file in it.")
        }
        // A pipe would be waited for.
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(
                .notADataset, "\(path) is a pipe or a device, not a dataset",
                hint: "Name a dataset with -f FILE, or make one: tally init FILE")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StoreError(
                .notPermitted, "\(path) may not be read: \(String(cString: strerror(errno)))",
                hint: "Check the permissions.")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }
}
