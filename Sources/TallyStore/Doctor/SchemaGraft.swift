import TallyCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A copy of a damaged file with the schema of a new dataset in the place of its own.
///
/// All datasets of a format are made by the same statements in the same order, so their tables begin on the same pages:
/// where the pages are lost that say so, those of a new dataset say the same. A wrong guess does no harm, since every line
/// that is read is checked by its signature.
enum SchemaGraft {
    /// Offsets in the header (https://www.sqlite.org/fileformat.html#the_database_header) of what is the file's own.
    private static let pageCountOffset = 28
    private static let freeListOffset = 32
    private static let changeCounterOffset = 24
    private static let validForOffset = 92
    private static let pageBytes = 4096

    /// - Returns: false when the file is too small to hold anything.
    /// - Throws: `StoreError`.
    static func make(from path: String, at copyPath: String, kinds: KindCatalog) throws -> Bool {
        let model = copyPath + ".model"
        try Dataset.create(path: model, name: "model", kinds: kinds).close()
        defer { NewFile.remove(model) }
        guard let pages = try FileBytes.read(model, limit: 1 << 24) else { return false }
        try NewFile.claim(copyPath)
        let byteCount = try copy(path, to: copyPath)
        guard byteCount >= pages.count / 2 else { return false }
        let descriptor = open(copyPath, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileBytes.failure("\(copyPath) cannot be written", .io)
        }
        defer { close(descriptor) }
        for number in schemaPages(pages) {
            let start = (number - 1) * pageBytes
            var page = Array(pages[start..<(start + pageBytes)])
            if number == 1 {
                put(byteCount / pageBytes, at: pageCountOffset, in: &page)
                put(0, at: freeListOffset, in: &page)
                put(0, at: freeListOffset + 4, in: &page)
                put(1, at: changeCounterOffset, in: &page)
                put(1, at: validForOffset, in: &page)
            }
            guard pwrite(descriptor, page, pageBytes, off_t(start)) == pageBytes else {
                throw FileBytes.failure("\(copyPath) cannot be written", .io)
            }
        }
        return true
    }

    /// The pages of the table `sqlite_schema`: the first one, and its leaves where it has any.
    ///
    /// https://www.sqlite.org/fileformat.html#b_tree_pages
    private static func schemaPages(_ bytes: [UInt8]) -> [Int] {
        let header = 100
        let interiorTable: UInt8 = 5
        guard bytes[header] == interiorTable else { return [1] }
        let cellCount = number(at: header + 3, count: 2, in: bytes)
        let cells = (0..<cellCount).map { index in
            let cell = number(at: header + 12 + 2 * index, count: 2, in: bytes)
            return number(at: cell, count: 4, in: bytes)
        }
        return [1] + cells + [number(at: header + 8, count: 4, in: bytes)]
    }

    private static func number(at offset: Int, count: Int, in bytes: [UInt8]) -> Int {
        bytes[offset..<(offset + count)].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func put(_ number: Int, at offset: Int, in page: inout [UInt8]) {
        for index in 0..<4 {
            page[offset + index] = UInt8(truncatingIfNeeded: number >> (24 - 8 * index))
        }
    }

    /// - Returns: the number of bytes.
    private static func copy(_ path: String, to copyPath: String) throws -> Int {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw FileBytes.failure("\(path) cannot be read", .notPermitted) }
        defer { close(source) }
        let target = open(copyPath, O_WRONLY | O_CLOEXEC)
        guard target >= 0 else { throw FileBytes.failure("\(copyPath) cannot be written", .io) }
        defer { close(target) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var total = 0
        while true {
            let count = pread(source, &buffer, buffer.count, off_t(total))
            guard count >= 0 else { throw FileBytes.failure("\(path) cannot be read", .io) }
            if count == 0 { return total }
            guard pwrite(target, buffer, count, off_t(total)) == count else {
                throw FileBytes.failure("\(copyPath) cannot be written", .io)
            }
            total += count
        }
    }
}
