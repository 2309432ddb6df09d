import TallyFormats
import Testing

struct DelimitedReaderTests {
    private func rows(
        _ bytes: [UInt8], of size: Int = 1 << 20, delimiter: Character = ","
    ) throws -> [DelimitedReader.Row] {
        var reader = DelimitedReader(
            dialect: DelimitedDialect(delimiter: delimiter.asciiValue ?? 0),
            source: try pieces(bytes, of: size)())
        var rows: [DelimitedReader.Row] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    static let table: [(String, [[String]])] = [
        ("", []), ("\n\n", []), ("a", [["a"]]), ("a\n", [["a"]]),
        ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a,,c\n", [["a", "", "c"]]),
        (",\n", [["", ""]]), ("a,", [["a", ""]]), ("\"a\",\n", [["a", ""]]),
        ("\"a,b\",c\n", [["a,b", "c"]]), ("\"a\"\"b\"\n", [["a\"b"]]),
        ("\"\"\"\"\n", [["\""]]), ("\"\"\n", [[""]]), ("\"\",\"\"", [["", ""]]),
        ("\"a\nb\",c\nd,e", [["a\nb", "c"], ["d", "e"]]),
        ("\"a\r\nb\"\r\nc", [["a\r\nb"], ["c"]]), (" \"a\" ,b", [[" \"a\" ", "b"]]),
        ("a\"b,c", [["a\"b", "c"]]), ("é,한\n", [["é", "한"]]), ("a\n\nb\n", [["a"], ["b"]]),
        ("a\r\n\r\nb", [["a"], ["b"]]),
    ]

    @Test("rows and cells are those of RFC 4180, however small the pieces", arguments: table)
    func rfc4180(_ text: String, _ expected: [[String]]) throws {
        for size in [1, 2, 3, 1 << 20] {
            let cells = try rows(Array(text.utf8), of: size).map(\.cells)
            #expect(cells == expected, "pieces of \(size)")
        }
    }

    @Test("a row knows the line on which it begins")
    func lines() throws {
        let text = "a\n\n\"b\nb\"\nc\r\n\"d\r\nd\"\ne"
        #expect(try rows(Array(text.utf8)).map(\.line) == [1, 3, 5, 6, 8])
    }

    @Test("another delimiter makes other cells")
    func delimiter() throws {
        #expect(
            try rows(Array("a;b,c;\"d;e\"\n".utf8), delimiter: ";").map(\.cells)
                == [["a", "b,c", "d;e"]])
    }

    static let faults: [([UInt8], FormatError)] = [
        (
            Array("a\nb,\"c\nd\n".utf8),
            FormatError(
                "a quote is opened and never closed", location: "line 2",
                hint: "Close it, or double it where it is part of the text.")
        ),
        (
            Array("a\n\"b\"c\n".utf8),
            FormatError(
                "something stands behind a closing quote", location: "line 2",
                hint: "Double a quote that is part of the text.")
        ),
        (
            Array("\"b\"\r,c\n".utf8),
            FormatError(
                "something stands behind a closing quote", location: "line 1",
                hint: "Double a quote that is part of the text.")
        ),
    ]

    @Test("what is no such text is refused with what to do", arguments: faults.indices)
    func refused(_ index: Int) {
        let (bytes, fault) = Self.faults[index]
        for size in [1, 2, 1 << 20] {
            #expect(throws: fault, "pieces of \(size)") { try rows(bytes, of: size) }
        }
    }

    @Test("a quote that is never closed does not fill the memory")
    func endless() throws {
        var given = 0
        var reader = DelimitedReader {
            given += 1
            return given == 1 ? Array("\"".utf8) : [UInt8](repeating: 0x61, count: 1 << 20)
        }
        let error = #expect(throws: FormatError.self) { try reader.next() }
        #expect(error?.location == "line 1")
        #expect(given < 20)
    }

    @Test(
        "what the writer writes is read back as it was",
        arguments: [
            [""], ["", ""], ["a,b", "c\"d"], ["a\nb", "\r\n"], ["\"", "\"\""], [" a ", "한"],
        ])
    func roundTrip(_ cells: [String]) throws {
        let text = DelimitedWriter.row(cells)
        // One empty cell alone is a blank line to every reader.
        let expected = cells == [""] ? [] : [cells]
        #expect(try rows(Array(text.utf8)).map(\.cells) == expected)
    }
}
