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
final class DelimitedTarget: FuzzTarget {
    private let folder: TestFolder
    private let copy: Copy
    private let before: [UInt8]

    init() throws {
        folder = try TestFolder()
        copy = try folder.copy("mina")
        try copy.edit(korea, .figure(124.8, status: "P"), .note("checked"), .add("tags", "asia"))
        try copy.edit("event/e1", .set(statement: "title", value: [.text("a visit")]))
        try copy.write { try $0.edit(wanted(RecordAddress("event/e1")), [.delete]) }
        before = try Self.state(of: copy.dataset)
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
        try checkImport(file, bytes[0], reading, pieces: size)
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

    private static func source(_ bytes: [UInt8], pieces size: Int) -> () throws -> [UInt8] {
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
        var isWritten = false
        do {
            try copy.write(Authoring(message: "import", isImport: true)) { editor in
                let report = try source.run(editor)
                for refusal in report.refused { LinesTarget.checkReason(refusal.reason) }
                isWritten = report.new + report.changed > 0
                throw TakenBack()
            }
        } catch is TakenBack {
        } catch let error as FormatError {
            LinesTarget.checkReason(error.message)
        } catch let error as StoreError {
            require(error.code == .badInput, "the import fails: \(error)")
        }
        require(try Self.state(of: copy.dataset) == before, "what was taken back is there")
        if isWritten, how & 0x80 != 0 { try checkWritten(source) }
    }

    /// Imports for good, into a copy.
    private func checkWritten(_ source: FileImport) throws {
        let folder = try TestFolder()
        let other = try folder.copy("jun", of: copy)
        defer { other.dataset.close() }
        let known = try other.dataset.lines().count
        do {
            try other.write(Authoring(message: "import", isImport: true)) { _ = try source.run($0) }
        } catch let error as StoreError where error.code == .badInput { return }
        let lines = Array(try other.dataset.lines().dropFirst(known))
        let third = try folder.copy("hana", of: copy)
        defer { third.dataset.close() }
        do {
            _ = try third.dataset.take(lines, durable: false)
        } catch { fail("another copy does not take what was imported: \(error)") }
        require(
            try Self.state(of: third.dataset) == Self.state(of: other.dataset),
            "another copy has other records")
        let verification = try other.verification(in: folder)
        require(verification.faults.isEmpty, "\(verification.faults)")
    }

    private static func state(of dataset: Dataset) throws -> [UInt8] {
        var text = ""
        try dataset.read { access in
            for kind in access.kinds.all {
                try RecordExport.jsonLines(kind, from: access) { text += $0 }
            }
            text += "\(try access.conflicts().map(\.id.text))"
        }
        return Array(text.utf8)
    }
}
