import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// An object a line.
struct JSONLinesTests {
    private func copy() throws -> (TestFolder, Copy) {
        let folder = try TestFolder()
        return (folder, try folder.copy("mina"))
    }

    @Test("an object a line is a row; rows have the numbers of their lines, blank ones too")
    func lines() throws {
        let (folder, mina) = try copy()
        defer { withExtendedLifetime(folder) {} }
        let report = try mina.importing(
            "\n{\"id\": \"a\", \"tags\": [\"x;y\", \"z\"]}\r\n\n \n{\"id\": \"b\", \"title\": \"t\", \"date\": 2023}\n"
                + "{\"id\": \"c\", \"date\": \"2023-02-30\"}"
        ) { $0.skipBad = true }
        #expect(report.brief == "2 new, 1 refused")
        #expect(
            report.refusals == [
                #"6: date "2023-02-30" is a date that does not exist | That month has 28 days."#
            ])
        #expect(try mina.view("event/a").row?.sets["tags"] == ["x;y", "z"])
        #expect(try mina.view("event/b").row?.values["date"] == .text("2023"))
    }

    @Test("in pieces of any size they are read alike", arguments: [1, 7, 64, 1 << 20])
    func pieces(size: Int) throws {
        let (folder, mina) = try copy()
        defer { withExtendedLifetime(folder) {} }
        let text = (1...300).map { "{\"id\":\"e\($0)\",\"title\":\"Ü\"}\n" }.joined()
        let file = FileImport(
            name: "x.jsonl", options: ImportOptions(),
            open: TallyFormatsTests.pieces(Array(text.utf8), of: size))
        var report = ImportReport()
        try mina.write(Authoring(message: "import", isImport: true)) {
            report = try file.run($0)
        }
        #expect(report.brief == "300 new")
    }

    @Test("a single line is a row; an answer of a server on one line is none")
    func single() throws {
        let (folder, mina) = try copy()
        defer { withExtendedLifetime(folder) {} }
        #expect(try mina.importing("{\"id\":\"a\",\"title\":\"t\"}").brief == "1 new")
        #expect(
            try mina.importing("{\"count\":1,\"data\":[{\"id\":\"b\",\"title\":\"t\"}]}\n").brief
                == "1 new")
        let error = #expect(throws: FormatError.self) {
            try mina.importing("{\"error\":\"limit exceeded\",\"id\":\"c\"}\n")
        }
        #expect(error?.message == "the publisher says that something failed: \"limit exceeded\"")
        // What says that nothing failed is a column.
        #expect(
            try mina.importing("{\"id\":\"d\",\"error\":null}\n") {
                $0.columns = ["id": "id"]
            }.brief == "1 new")
    }

    static let broken: [(String, String, String)] = [
        ("R\nR \nR,\n", "the line is no JSON object: something stands after the end", "line 3"),
        ("R\n{\"id\":\"b\"", "the line is no JSON object: expected ,", "line 2"),
        ("R\n\n[1]\n", "the line is no JSON object: it holds something else", "line 3"),
        ("R\n{\n\"id\":\"b\"}\n", "the line is no JSON object: expected a member name", "line 2"),
    ]

    @Test("a line that is no object ends the reading, named", arguments: broken)
    func brokenLine(text: String, message: String, place: String) throws {
        let (folder, mina) = try copy()
        defer { withExtendedLifetime(folder) {} }
        let error = #expect(throws: FormatError.self) {
            try mina.importing(text.replacing("R", with: "{\"id\":\"a\",\"title\":\"t\"}")) {
                $0.skipBad = true
            }
        }
        #expect(error?.message == message)
        #expect(error?.location == "x.csv, \(place)")
        #expect(try mina.dataset.read(\.heads).isEmpty)
    }

    @Test("a line longer than 4 MiB is none; the first one may be as long")
    func long() throws {
        let (folder, mina) = try copy()
        defer { withExtendedLifetime(folder) {} }
        func line(_ id: String, _ bytes: Int) -> String {
            "{\"id\":\"\(id)\",\"other\":\"" + String(repeating: "x", count: bytes) + "\"}\n"
        }
        func read(_ options: inout ImportOptions) { options.columns = ["id": "id"] }
        #expect(
            try mina.importing(line("a", 4 << 20 - 100) + line("b", 1), read).brief == "2 new")
        let error = #expect(throws: FormatError.self) {
            try mina.importing(line("a", 1) + line("c", 4 << 20), read)
        }
        #expect(error?.message == "the line is no JSON object: it is longer than 4 MiB")
        #expect(error?.location == "x.csv, line 2")
    }

    @Test("a member that comes late ends the reading, with its line")
    func late() throws {
        let (folder, mina) = try copy()
        defer { withExtendedLifetime(folder) {} }
        let many = (1...1000).map { "{\"id\":\"x\($0)\"}\n" }.joined()
        let error = #expect(throws: FormatError.self) {
            try mina.importing(many + "{\"id\":\"z\",\"note\":\"n\"}\n")
        }
        #expect(
            error
                == FormatError(
                    "the member \"note\" is in none of the first 1000 objects",
                    location: "x.csv, line 1001",
                    hint: "Have an object that has it stand among the first."))
    }
}
