#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file at rest at one moment: whether it is still the same tells whether somebody has written it.
struct FileMoment {
    private let place: FilePlace
    private let numbers: [Int]

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
            status.st_ctim.tv_sec, status.st_ctim.tv_nsec, place.size(of: place.log) ?? 0,
        ]
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
