#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A dataset file and its write-ahead log as they look from outside at one moment, without opening them: where two differ,
/// somebody has written the file, or put another in its place.
///
/// A log that is empty is none: whoever reads a file makes one.
public struct FileMoment: Sendable, Equatable {
    private let place: FilePlace
    private let numbers: [Int]

    /// - Parameter path: of a file that may be missing.
    public init(path: String) { self.init(FilePlace(path)) }

    init(_ place: FilePlace) {
        self.place = place
        numbers = Self.numbers(of: place)
    }

    private static func numbers(of place: FilePlace) -> [Int] {
        var status = stat()
        guard stat(place.file, &status) == 0 else { return [] }
        return [
            Int(status.st_dev), Int(status.st_ino), Int(status.st_size),
            status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
            status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
        ] + logNumbers(of: place)
    }

    private static func logNumbers(of place: FilePlace) -> [Int] {
        var status = stat()
        guard stat(place.log, &status) == 0, status.st_size > 0 else { return [] }
        return [Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    }

    /// - Throws: `StoreError` with the code `busy` when the file has been written since.
    func check(_ path: String) throws(StoreError) {
        guard numbers == Self.numbers(of: place) else {
            throw StoreError(
                .busy, "\(path) was changed by another program while it was read",
                hint: "Try again when it has finished.")
        }
    }
}
