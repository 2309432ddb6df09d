import Foundation
import Testing

/// What a hurried user does wrong: a message that names the place and what to do, the right exit code, and the dataset as
/// it was.
@Suite struct MistakeTests {
    struct Mistake: CustomTestStringConvertible, Sendable {
        let name: String
        let arguments: [String]
        let status: Int32
        /// The whole of standard error.
        let errors: String
        var testDescription: String { name }
    }

    private static let key = "reporter,partner,flow,product,period,source"

    private static func analyst() throws -> (mina: Analyst, before: String) {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        try mina.must(
            "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL", "period=2023",
            "source=kosis", "value=124817682000")
        try mina.write("hello\n", to: "letter.txt")
        try mina.write("\(key),valeu\nKOR,CHN,X,TOTAL,2022,kosis,1\n", to: "column.csv")
        try mina.write("\(key),value\nKOR,CHN,X,TOTAL,2022,kosis,many\n", to: "letters.csv")
        try mina.write("\(key),value\nKOR,CHN,X,TOTAL,2023-02-30,kosis,1\n", to: "date.csv")
        try mina.write("\(key),value\nKRO,CHN,X,TOTAL,2022,kosis,1\n", to: "area.csv")
        try mina.write(
            "\(key),value\nKOR,JPN,X,TOTAL,2022,kosis,1\nKOR,USA,X,TOTAL,2022,kosis,1\nKOR,JPN,X,TOTAL,2022,kosis,2\n",
            to: "twice.csv")
        try mina.write("\(key),value\nKOR,CHN,X,TOTAL,2022,kosis\n", to: "short.csv")
        try mina.write("\(key),value\nKOR,CHN,X,TOTAL,2022,kosis,\"1\n", to: "quote.csv")
        try mina.write("", to: "empty.csv")
        return (mina, try mina.export())
    }

    private static let refused = "Mend the rows, or leave them out with --skip-bad.\n"

    static let mistakes = [
        Mistake(
            name: "a wrong file", arguments: ["-f", "letter.txt", "status"], status: 65,
            errors: "tally: letter.txt is not a Tally dataset: it is no SQLite file\n"
                + "Name a dataset with -f FILE, or make one: tally init FILE\n"),
        Mistake(
            name: "no file", arguments: ["-f", "gone.tally", "status"], status: 66,
            errors: "tally: There is no file gone.tally\n"
                + "Make a dataset with: tally init FILE, or copy one with: tally clone SOURCE FILE\n"
        ),
        Mistake(
            name: "a dataset where one is", arguments: ["init", "korea.tally"], status: 73,
            errors: "tally: korea.tally exists already; it was left as it is\n"
                + "Choose another name, or remove the file first.\n"),
        Mistake(
            name: "an unknown column", arguments: ["import", "column.csv"], status: 65,
            errors:
                "tally: column.csv, row 1: the column \"valeu\" is no field of trade\nDid you mean value?\n"
        ),
        Mistake(
            name: "letters for a number", arguments: ["import", "letters.csv"], status: 65,
            errors:
                "letters.csv, row 2: value \"many\" is no number\n  Write digits, as in 124800000000 or 0.5\n"
                + "tally: letters.csv: 1 row cannot be taken; nothing was imported\n" + refused),
        Mistake(
            name: "a date that does not exist", arguments: ["import", "date.csv"], status: 65,
            errors: "date.csv, row 2: period \"2023-02-30\" is a date that does not exist\n"
                + "  That month has 28 days.\n"
                + "tally: date.csv: 1 row cannot be taken; nothing was imported\n" + refused),
        Mistake(
            name: "an unknown area", arguments: ["import", "area.csv"], status: 65,
            errors: "area.csv, row 2: reporter \"KRO\" is not in the code list area\n"
                + "  Did you mean FRO (Faroe Islands), KOR (South Korea)? All: tally codes area\n"
                + "tally: area.csv: 1 row cannot be taken; nothing was imported\n" + refused),
        Mistake(
            name: "the same key twice", arguments: ["import", "twice.csv"], status: 65,
            errors:
                "twice.csv, row 4: the key trade/KOR/JPN/X/TOTAL/2022/kosis stands twice in the file (row 2)\n"
                + "  Leave one of the two rows.\n"
                + "tally: twice.csv: 1 row cannot be taken; nothing was imported\n" + refused),
        Mistake(
            name: "a row that is too short", arguments: ["import", "short.csv"], status: 65,
            errors: "short.csv, row 2: it has 6 cells, the header has 7\n"
                + "  Is there a delimiter too many, or a quote missing?\n"
                + "tally: short.csv: 1 row cannot be taken; nothing was imported\n" + refused),
        Mistake(
            name: "a quote that is never closed", arguments: ["import", "quote.csv"], status: 65,
            errors: "tally: quote.csv, line 2: a quote is opened and never closed\n"
                + "Close it, or double it where it is part of the text.\n"),
        Mistake(
            name: "an empty file", arguments: ["import", "empty.csv"], status: 65,
            errors: "tally: empty.csv: the file is empty\nThe first row must name the columns.\n"),
        Mistake(
            name: "a number with more digits than can be kept",
            arguments: ["set", "trade/KOR/CHN/X/TOTAL/2023/kosis", "value=9007199254740993"],
            status: 65,
            errors: "tally: value \"9007199254740993\" has more digits than can be kept; "
                + "it would become 9007199254740992\nGive at most 15 significant digits.\n"),
        Mistake(
            name: "a record that is not there",
            arguments: ["show", "trade/KOR/CHN/M/TOTAL/2023/kosis"], status: 66,
            errors: "tally: There is no record trade/KOR/CHN/M/TOTAL/2023/kosis\n"
                + "See what there is with: tally list trade\n"),
        Mistake(
            name: "a query that writes", arguments: ["query", "DELETE FROM trade"], status: 65,
            errors: "tally: A query gives rows; this statement gives none\nBegin it with SELECT.\n"),
        Mistake(
            name: "a query that writes and gives rows",
            arguments: ["query", "DELETE FROM trade RETURNING 1"], status: 65,
            errors: "tally: A query only reads: attempt to write a readonly database\n"
                + "Change records with tally set, add or delete.\n"),
        Mistake(
            name: "a query that gives no rows", arguments: ["query", "PRAGMA writable_schema = 1"],
            status: 65,
            errors: "tally: A query gives rows; this statement gives none\nBegin it with SELECT.\n"),
        Mistake(
            name: "an export over the dataset", arguments: ["export", "-o", "korea.tally"],
            status: 73,
            errors: "tally: korea.tally is a database; it was left as it is\n"
                + "Choose another name, or remove the file first.\n"),
        Mistake(
            name: "a misspelt command", arguments: ["improt", "x.csv"], status: 64,
            errors: "tally: There is no command \"improt\"\nDid you mean import?\n"),
        Mistake(
            name: "no remote", arguments: ["sync"], status: 64,
            errors: "tally: There is no remote origin\n"
                + "Say with what: tally sync URL or FILE. Or publish: tally publish URL\n"),
    ]

    @Test("a mistake has a message, an exit code, and changes nothing", arguments: mistakes)
    func mistake(_ mistake: Mistake) throws {
        let (mina, before) = try Self.analyst()
        let finished = try mina.tally(mistake.arguments)
        #expect(finished.status == mistake.status)
        #expect(finished.errors == mistake.errors)
        #expect(finished.output.isEmpty)
        #expect(try mina.export() == before)
        #expect(
            try mina.must("log", "--json").json["changesets"].map { ($0 as? [Any])?.count } == 1)
    }

    @Test("a name that SQLite would take for more than a name is a name")
    func oddNames() throws {
        let (mina, _) = try Self.analyst()
        for name in ["file:x.tally", ":memory:"] {
            try mina.must("init", name)
            try mina.must("-f", name, "add", "event", "title=x", "date=2023")
            #expect(FileManager.default.fileExists(atPath: "\(mina.folder)/\(name)"))
            #expect(try mina.must("-f", name, "export").output.contains("\"title\":\"x\""))
        }
    }

    @Test("with --json an error is an object on standard error")
    func errorAsJSON() throws {
        let (mina, _) = try Self.analyst()
        let finished = try mina.tally("--json", "import", "column.csv")
        #expect(finished.status == 65)
        #expect(finished.errorJSON["schema"] as? String == "tally.error/v1")
        #expect(finished.errorJSON["code"] as? String == "bad-input")
        #expect(finished.errorJSON["where"] as? String == "column.csv, row 1")
        #expect(finished.errorJSON["hint"] as? String == "Did you mean value?")
    }

    @Test("no network, a wrong token and a web page instead of a hub are told apart")
    func hubs() throws {
        let (mina, before) = try Self.analyst()
        let office = mina.office
        try office.startHub()
        let hub = office.hubURL
        let wrong = try mina.tally(
            "publish", hub + "/korea", environment: ["TALLY_TOKEN": "tally_wrong"])
        #expect(wrong.status == 77)
        #expect(wrong.errors.contains("does not know this token"))
        #expect(!wrong.errors.contains("tally_wrong"))

        let page = try WebPageServer()
        let portal = try mina.tally("sync", page.url + "/korea")
        #expect(portal.status == 76)
        #expect(
            portal.errors.hasPrefix(
                "tally: \(page.url)/korea is no Tally hub: it answered with a web page\n"))

        office.stopHub()
        let offline = try mina.tally("sync", hub + "/korea")
        #expect(offline.status == 69)
        #expect(
            offline.errors.contains(
                "Check that the hub runs there, or work offline and sync later."))
        #expect(try mina.export() == before)
    }

    #if os(Linux)
        @Test("without libcurl everything works that asks no hub")
        func noLibrary() throws {
            let (mina, before) = try Self.analyst()
            // The loader looks here first, and ends with what is no library.
            try mina.write("", to: "libcurl.so.4")
            let hidden = ["LD_LIBRARY_PATH": mina.folder]
            #expect(try mina.tally("status", environment: hidden).status == 0)
            let sync = try mina.tally("sync", "http://localhost:1/korea", environment: hidden)
            #expect(sync.status == 69)
            #expect(
                sync.errors.hasPrefix("tally: libcurl cannot be loaded: ")
                    && sync.errors.hasSuffix(
                        "Install it (libcurl4 in Debian), or work offline and sync later.\n")
            )
            #expect(try mina.export() == before)
        }
    #endif

    @Test("a hub that holds another dataset under the name is refused before anything is sent")
    func otherDataset() throws {
        let office = try Office()
        let (mina, jun) = (
            try office.analyst("mina", machine: "laptop"),
            try office.analyst("jun", machine: "desk-2")
        )
        try office.startHub()
        let hub = office.hubURL
        for (analyst, role) in [(mina, "admin"), (jun, "admin")] {
            let token = try office.token(for: analyst.name, dataset: "korea", role: role)
            try analyst.must("login", hub, input: token + "\n")
            try analyst.must("init", "korea.tally")
            try analyst.must("add", "event", "title=x", "date=2023")
        }
        try mina.must("publish", hub + "/korea")
        #expect(try jun.tally("publish", hub + "/korea").status == 1)
        let refused = try jun.tally("sync", hub + "/korea")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("holds another dataset"))
        #expect(try mina.must("sync", "--json").json["pulled"] as? Int == 0)
    }
}
