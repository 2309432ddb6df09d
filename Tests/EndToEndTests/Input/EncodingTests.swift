import Foundation
import Testing

/// Bytes that are no text, wherever text is taken.
@Suite struct EncodingTests {
    private func analyst() throws -> Analyst {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        return mina
    }

    private static let key = "reporter,partner,flow,product,period,source"

    @Test("an argument that is not UTF-8 is refused, not repaired")
    func argument() throws {
        let mina = try analyst()
        // \377 is no byte of UTF-8; an argument of Running is text.
        let script = "exec \(Program.tally.path) add event date=2023 \"title=$(printf 'a\\377b')\""
        let end = try mina.run("/bin/sh", ["-c", script])
        #expect(end.status == 65)
        #expect(
            end.errors == "tally: Argument 4 is not UTF-8: \"title=a\u{FFFD}b\"\n"
                + "Set the terminal to UTF-8; rename a file whose name is in another encoding.\n")
        #expect(try mina.export().isEmpty)
    }

    @Test("a variable of Tally's that is not UTF-8 is refused")
    func variable() throws {
        let mina = try analyst()
        let script =
            "TALLY_AUTHOR=$(printf 'a\\377b') exec \(Program.tally.path) add event date=2023 title=x"
        let end = try mina.run("/bin/sh", ["-c", script])
        #expect(end.status == 65)
        #expect(end.errors.hasPrefix("tally: The variable TALLY_AUTHOR is not UTF-8\n"))
        #expect(try mina.export().isEmpty)
    }

    struct Sheet: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
        let errors: String
    }

    private static let refused =
        "tally: new.csv: 1 row cannot be taken; nothing was imported\n"
        + "Mend the rows, or leave them out with --skip-bad.\n"
    private static let encodings =
        "Name the encoding that the file has with --encoding: UTF-8, UTF-16, Windows-1252, Windows-1251, ISO-8859-1. "
        + "Of another, as Korean CP949: iconv -f CP949 -t UTF-8 FILE | tally import -\n"
    private static func rows(_ note: [UInt8], header: [UInt8] = Array("note".utf8)) -> [UInt8] {
        Array("\(key),".utf8) + header + Array("\nKOR,CHN,X,TOTAL,2023,kosis,".utf8) + note + [0x0a]
    }

    static let sheets = [
        Sheet(
            testDescription: "a byte that is no character in any encoding that is told by itself",
            bytes: rows([0x61, 0x81]),
            errors:
                "tally: new.csv, row 2, byte 78: the byte 0x81 fits neither UTF-8 nor Windows-1252\n"
                + encodings),
        Sheet(
            testDescription: "a header with such a byte",
            bytes: rows([0x61], header: [0x6e, 0x81]),
            errors:
                "tally: new.csv, row 1, byte 46: the byte 0x81 fits neither UTF-8 nor Windows-1252\n"
                + encodings),
        Sheet(
            testDescription: "a file in two encodings", bytes: rows([0xc3, 0xa9, 0xe9]),
            errors:
                "tally: new.csv, row 2, byte 79: the byte 0xe9 is no UTF-8, which what stands before it is\n"
                + encodings),
        Sheet(
            testDescription: "a NUL in a cell", bytes: rows([0x61, 0x00, 0x62]),
            errors:
                #"new.csv, row 2: note "a\u0000b" is not text of at most 64 KiB without control "#
                + "characters\n" + refused),
        Sheet(
            testDescription: "a cell of 10 MB",
            bytes: rows([UInt8](repeating: 0x78, count: 10_000_000)),
            errors:
                "new.csv, row 2: note \"\(String(repeating: "x", count: 60))…\" is not text of at "
                + "most 64 KiB without control characters\n" + refused),
    ]

    @Test(
        "a sheet with bytes that are no text is refused, and the place is named", arguments: sheets)
    func sheet(_ sheet: Sheet) throws {
        let mina = try analyst()
        let path = URL(fileURLWithPath: mina.folder + "/new.csv")
        try Data(sheet.bytes).write(to: path)
        let end = try mina.tally("import", "new.csv")
        #expect(end.status == 65)
        #expect(end.errors == sheet.errors)
        #expect(try mina.export().isEmpty)
    }

    @Test("a line of 100 MB without an end is refused in little memory")
    func endless() throws {
        let mina = try analyst()
        let header = Array("\(Self.key),note\n\(String(repeating: "x", count: 70_000))".utf8)
        let path = mina.folder + "/new.csv"
        try Data(header).write(to: URL(fileURLWithPath: path))
        // A hole: it reads as zeros.
        try #require(truncate(path, 100_000_000) == 0)
        let (end, peakKiB) = try mina.start(["import", "new.csv"]).waitMeasuringMemory()
        #expect(end.status == 65)
        #expect(
            end.errors == "tally: new.csv, line 2: a row has more than 16 MiB\n"
                + "Is a quote opened on that line and never closed?\n")
        #expect((1024..<128 * 1024).contains(peakKiB), "\(peakKiB) KiB")
    }
}
