import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire

@testable import TallyFormats

/// Bytes as a table: how it is imported in the first, the size of its pieces in the second, how it is read in the third,
/// then the file.
///
/// - Rows do not depend on the pieces in which the bytes come, but where an archive is damaged.
/// - An import that is refused, or taken back, leaves the file as it was.
/// - What an import writes, every reader of the log takes, and the records are what the log says.
/// - A refusal has a reason that can be shown.
///
/// A file with `MARK` in it comes back as a sheet (see `DelimitedTarget+Sheet`).
final class DelimitedTarget: FuzzTarget {
    private let folder: TestFolder
    private let copy: Copy
    private let before: Contents
    /// Those of the sheets that were exported before the last edits, by kind.
    let marks: [String: String]

    init() throws {
        folder = try TestFolder()
        copy = try folder.copy("mina")
        try copy.edit(korea, .figure(124.8, status: "P"), .note("checked"), .add("tags", "asia"))
        try copy.edit("event/e1", .set(statement: "title", value: [.text("a visit")]))
        try copy.write { try $0.edit(wanted(RecordAddress("event/e1")), [.delete]) }
        try copy.edit("event/e2", .set(statement: "title", value: [.text("a talk")]))
        try copy.edit("event/e3", .add("actors", "KOR"), .add("actors", "CHN"))
        marks = try Self.marks(of: copy.dataset)
        // Meanwhile others edit too.
        try copy.edit(korea, .figure(130, status: "A"), .remove("tags", "asia"))
        try copy.write { try $0.edit(wanted(RecordAddress("event/e2")), [.delete]) }
        before = try Contents(of: copy.dataset)
    }

    func check(_ bytes: [UInt8]) throws {
        guard bytes.count > 3 else { return }
        let file = Array(bytes.dropFirst(3))
        let size = 1 + Int(bytes[1]) % 61
        let reading = Self.reading(bytes[2])
        let whole = Self.rows(file, reading.encoding, pieces: 1 << 20)
        let pieces = Self.rows(file, reading.encoding, pieces: size)
        if whole.isDamaged || pieces.isDamaged {
            // How far a damaged archive is unpacked depends on the pieces, and so what is found wrong first.
            require(whole.error != nil && pieces.error != nil, "a damaged archive is taken")
        } else {
            require(whole == pieces, "rows differ in pieces of \(size)")
        }
        if let sheet = sheet(file, bytes[0]) {
            // What has come into conflict is settled the second time, where that is asked for.
            let isOnce = bytes[0] & 4 == 0
            let authoring = Authoring(message: "edited")
            try checkEffects(isKept: bytes[0] & 0x80 != 0, isOnce: isOnce, authoring) {
                try Self.bring(back: sheet, bytes[0], bytes[2], pieces: size, $0)
            }
        } else {
            try checkImport(file, bytes[0], reading, pieces: size)
        }
    }

    private static func reading(_ how: UInt8) -> ImportOptions {
        var options = ImportOptions()
        let format = Int(how & 7)
        if format > 0 { options.format = FormatCatalog.names[format - 1] }
        options.encoding = [nil, .utf16, .windows1251, .latin1][Int(how >> 3 & 3)]
        if how & 0x20 != 0 {
            options.constants = [
                "reporter": "KOR", "partner": "CHN", "flow": "X", "product": "TOTAL",
            ]
        }
        if how & 0x40 != 0 { options.scale = 3 }
        if how & 0x80 != 0 { options.columns = ["date": "Date", "title": "Title"] }
        return options
    }

    private struct Table: Equatable {
        var rows: [String] = []
        var error: FormatError?

        var isDamaged: Bool {
            ["the gzip file", "the zstd file"].contains { error?.message.hasPrefix($0) == true }
        }
    }

    private static func rows(
        _ bytes: [UInt8], _ encoding: TextEncoding?, pieces size: Int
    ) -> Table {
        var result = Table()
        do {
            var table = try TableReader(source(bytes, pieces: size), encoding: encoding)
            result.rows.append("\(table.header.names)")
            while let row = try table.next() {
                result.rows.append("\(row.number) \(row.cells) \(row.fault?.message ?? "")")
            }
        } catch let error as FormatError {
            LinesTarget.checkReason(error.message)
            result.error = error
        } catch { fail("an error that is not declared: \(error)") }
        return result
    }

    static func source(_ bytes: [UInt8], pieces size: Int) -> () throws -> [UInt8] {
        var rest = bytes[...]
        return {
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
    }

    private func checkImport(
        _ file: [UInt8], _ how: UInt8, _ reading: ImportOptions, pieces size: Int
    ) throws {
        var options = reading
        options.overwrite = how & 1 != 0
        options.restore = how & 2 != 0
        options.resolve = how & 4 != 0
        options.skipBad = how & 8 != 0
        options.kind = [nil, "trade", "event", "setting"][Int(how >> 4 & 3)]
        if how & 0x40 != 0 { options.constants["source"] = "motie" }
        let source = FileImport(name: "x.csv", options: options) {
            Self.source(file, pieces: size)
        }
        try checkEffects(
            isKept: how & 0x80 != 0, Authoring(message: "import", isImport: true)
        ) { editor in
            let report = try source.run(editor)
            for refusal in report.refused { LinesTarget.checkReason(refusal.reason) }
            return report.new + report.changed > 0
        }
    }

    /// Reads a file and takes that back; where it has changed something, and that is to be kept, into a copy too.
    ///
    /// - Parameters:
    ///   - isOnce: whether the same file again must change nothing.
    ///   - read: returns whether something was written.
    private func checkEffects(
        isKept: Bool, isOnce: Bool = false, _ authoring: Authoring,
        _ read: (DatasetEditor) throws -> Bool
    ) throws {
        var isWritten = false
        do {
            try copy.write(authoring) { editor in
                isWritten = try read(editor)
                throw TakenBack()
            }
        } catch is TakenBack {
        } catch let error as FormatError {
            LinesTarget.checkReason(error.message)
        } catch let error as StoreError {
            require(error.code == .badInput, "the import fails: \(error)")
        }
        require(try Contents(of: copy.dataset) == before, "what was taken back is there")
        if isWritten, isKept { try checkWritten(isOnce: isOnce, authoring, read) }
    }

    /// Reads it for good, into a copy.
    private func checkWritten(
        isOnce: Bool, _ authoring: Authoring, _ read: (DatasetEditor) throws -> Bool
    ) throws {
        let folder = try TestFolder()
        let other = try folder.copy("jun", of: copy)
        defer { other.dataset.close() }
        let known = try other.dataset.lines().count
        do {
            try other.write(authoring) { _ = try read($0) }
        } catch let error as StoreError where error.code == .badInput { return }
        let lines = Array(try other.dataset.lines().dropFirst(known))
        let third = try folder.copy("hana", of: copy)
        defer { third.dataset.close() }
        do {
            _ = try third.dataset.take(lines, durable: false)
        } catch { fail("another copy does not take what was imported: \(error)") }
        require(
            try Contents(of: third.dataset) == Contents(of: other.dataset),
            "another copy has other records")
        let verification = try other.verification(in: folder)
        require(verification.faults.isEmpty, "\(verification.faults)")
        guard isOnce else { return }
        try other.write(authoring) {
            require(try !read($0), "the same file changes something again")
        }
    }
}
