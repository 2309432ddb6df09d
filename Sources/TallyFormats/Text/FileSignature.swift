/// What the first bytes of a file say that it is, where it is no plain text.
enum FileSignature: Equatable {
    case gzip
    case zstd
    /// Office Open XML or OpenDocument: a zip whose first entry says so.
    case workbook
    case zip
    /// The container of Excel's files of before 2007.
    case oldWorkbook
    case sqlite
    case pdf

    /// As many bytes as are looked at.
    static let length = 64

    init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(Self.length))
        switch true {
        case bytes.starts(with: [0x1f, 0x8b]): self = .gzip
        case bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd]): self = .zstd
        case bytes.starts(with: [0x50, 0x4b, 0x03, 0x04]):
            // The name of the first entry stands at byte 30.
            let name = String(decoding: bytes.dropFirst(30), as: UTF8.self)
            let office = ["[Content_Types].xml", "_rels/", "xl/", "docProps/", "mimetype"]
            self = office.contains(where: name.hasPrefix) ? .workbook : .zip
        case bytes.starts(with: [0xd0, 0xcf, 0x11, 0xe0]): self = .oldWorkbook
        case bytes.starts(with: "SQLite format 3\0".utf8): self = .sqlite
        case bytes.starts(with: "%PDF-".utf8): self = .pdf
        default: return nil
        }
    }

    /// Why a file of this sort is not read; nil for what is unpacked.
    var refusal: FormatError? {
        switch self {
        case .gzip, .zstd: return nil
        case .workbook, .oldWorkbook:
            return FormatError(
                "the file is a workbook of Excel or LibreOffice",
                hint: "Open it, and save the sheet that you want with File > Save As, as "
                    + "“CSV UTF-8 (comma delimited)”; import that file.")
        case .zip:
            return FormatError(
                "the file is a zip archive", hint: "Unpack it, and import the file in it.")
        case .sqlite:
            return FormatError(
                "the file is an SQLite database",
                hint:
                    "A dataset is taken in with: tally sync FILE. Of another database, write a table as "
                    + "CSV: sqlite3 -header -csv FILE 'SELECT …' > table.csv")
        case .pdf:
            return FormatError("the file is a PDF", hint: "Look for the table as CSV.")
        }
    }
}
