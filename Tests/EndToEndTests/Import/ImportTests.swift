import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `import` as a dialogue: what would happen, what happened, what was left out.
@Suite struct ImportTests {
    private static let header = "reporter,partner,flow,product,period,source,value\n"

    private func analyst() throws -> Analyst {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        return mina
    }

    private static func year(_ year: Int, _ value: String) -> String {
        "KOR,CHN,X,TOTAL,\(year),kosis,\(value)\n"
    }

    private func must(_ analyst: Analyst, _ arguments: [String]) throws -> Finished {
        let end = try analyst.tally(arguments)
        try #require(end.status == 0, "\(end.errors)")
        return end
    }

    @Test("a rehearsal shows a sample of everything, and writes nothing")
    func rehearsal() throws {
        let mina = try analyst()
        try mina.write(
            Self.header + Self.year(2021, "1") + Self.year(2022, "2") + Self.year(2023, "3"),
            to: "a.csv")
        try mina.must("import", "a.csv")
        try mina.must("set", "trade/KOR/CHN/X/TOTAL/2022/kosis", "value=22")
        try mina.must("delete", "trade/KOR/CHN/X/TOTAL/2023/kosis")
        let before = try mina.export()
        try mina.write(
            Self.header + Self.year(2020, "7") + Self.year(2021, "1000") + Self.year(2022, "5")
                + Self.year(2023, "3") + Self.year(2024, "x"), to: "b.csv")
        let end = try mina.tally("import", "b.csv", "--dry-run", "--skip-bad")
        #expect(end.status == 0)
        #expect(
            end.plainOutput == """
                Would import b.csv: 1 new, 1 changed, 1 kept, 1 deleted, 1 refused

                WHAT     ROW  RECORD                            FIELDS
                new        2  trade/KOR/CHN/X/TOTAL/2020/kosis  value 7; unit USD
                changed    3  trade/KOR/CHN/X/TOTAL/2021/kosis  value 1 → 1,000
                kept       4  trade/KOR/CHN/X/TOTAL/2022/kosis  value 22, the file says 5
                deleted    5  trade/KOR/CHN/X/TOTAL/2023/kosis  value 3; unit USD

                """)
        #expect(
            end.errors == """
                Of 1 kept figure the source says something else than what was last taken from it:
                  trade/KOR/CHN/X/TOTAL/2022/kosis: value 2 → 5
                b.csv, row 6: value "x" is no number
                  Write digits, as in 124800000000 or 0.5
                Kept is what a person last wrote; --overwrite replaces it.
                Deleted records stay so; --restore brings them back.

                """)
        #expect(try mina.export() == before)
        #expect(
            try !FileManager.default.contentsOfDirectory(atPath: mina.folder).contains(
                "b.refused.csv"))
    }

    @Test("a record that is changed in part and kept in part is told to count twice")
    func countedTwice() throws {
        let mina = try analyst()
        try mina.write(Self.header + Self.year(2022, "2") + Self.year(2023, "3"), to: "a.csv")
        try mina.must("import", "a.csv")
        try mina.must("set", "trade/KOR/CHN/X/TOTAL/2022/kosis", "value=22")
        try mina.write(
            "reporter,partner,flow,product,period,source,value,note\n"
                + "KOR,CHN,X,TOTAL,2022,kosis,2,n\nKOR,CHN,X,TOTAL,2023,kosis,3,n\n", to: "b.csv")
        let end = try mina.must("import", "b.csv")
        #expect(end.output == "Imported b.csv: 2 changed, 1 kept\n")
        #expect(
            end.errors == """
                Kept is what a person last wrote; --overwrite replaces it.
                Counted twice, since a part was written and the rest kept or left in conflict: 1 record

                """)
    }

    @Test("of a row that stands twice is said what its own file would do")
    func doubled() throws {
        let mina = try analyst()
        try mina.write(Self.header + Self.year(2022, "1") + Self.year(2022, "2"), to: "a.csv")
        let advice =
            "Of those whose key stood twice take away what is not meant: imported from there, they replace what was taken."
        #expect(try mina.tally("import", "a.csv", "--skip-bad").errors.contains(advice))
        let json = try mina.tally("import", "a.csv", "--skip-bad", "--dry-run", "--json").json
        #expect(json["doubled"] as? Int == 1)
        #expect(
            try mina.must("import", "a.refused.csv").plainOutput
                == "Imported a.refused.csv: 1 changed\n")
        try mina.write(Self.header + Self.year(2022, "1") + Self.year(2023, "x"), to: "b.csv")
        #expect(try !mina.tally("import", "b.csv", "--skip-bad").errors.contains(advice))
    }

    @Test("rows that are left out are in a file; mended there, they are imported")
    func leftOut() throws {
        let mina = try analyst()
        try mina.write(Self.header + Self.year(2022, "x") + Self.year(2023, "3"), to: "a.csv")
        let end = try mina.tally("import", "a.csv", "--skip-bad")
        #expect(end.plainOutput == "Imported a.csv: 1 new, 1 refused\n")
        #expect(
            end.errors.contains(
                "The rows that were left out are in a.refused.csv, with the reasons"))
        try mina.write(
            try String(contentsOfFile: mina.folder + "/a.refused.csv", encoding: .utf8)
                .replacing("kosis,x", with: "kosis,2"), to: "a.refused.csv")
        // What was mended is not written over.
        #expect(try mina.tally("import", "a.csv", "--skip-bad").errors.contains("a.refused-2.csv"))
        #expect(
            try mina.must("import", "a.refused.csv").plainOutput
                == "Imported a.refused.csv: 1 new\n")
        let named = try mina.tally("import", "a.csv", "--skip-bad", "--refused", "out/none.csv")
        #expect(named.status == 73)
        #expect(
            try mina.must("import", "a.csv", "--skip-bad", "--json").json["refused_file"] as? String
                == "a.refused-3.csv")
        // Nothing of anybody's is written over, and a device stays one.
        try mina.write("mine", to: "keep.txt")
        for name in ["keep.txt", "a.csv"] {
            let end = try mina.tally("import", "a.csv", "--skip-bad", "--refused", name)
            #expect(end.status != 0)
        }
        #expect(try String(contentsOfFile: mina.folder + "/keep.txt", encoding: .utf8) == "mine")
        #expect(try mina.tally("export", "-o", "/dev/null").status == 0)
        #expect(
            try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type]
                as? FileAttributeType == .typeCharacterSpecial)
    }

    @Test("a packed file, and standard input, of which rows of detail are looked at twice")
    func sources() throws {
        let mina = try analyst()
        let text = [
            "period,reporterCode,flowCode,partnerCode,cmdCode,motCode,primaryValue,classificationCode",
            "2023,410,X,156,TOTAL,1000,60,H6", "",
        ].joined(separator: "\n")
        try mina.write(text, to: "part.csv")
        let refusal =
            "row 2: it is a part (transport) of trade/KOR/CHN/X/TOTAL/2023/comtrade, whose total is not in the file"
        #expect(try mina.tally("import", "part.csv").errors.contains("part.csv, \(refusal)"))
        #expect(
            try mina.tally("import", "-", input: text).errors
                .contains("standard input, \(refusal)"))
        let piped = try Running(
            "/bin/sh", ["-c", "cat part.csv | \(Program.tally.path) import -"],
            environment: mina.environment(), folder: mina.folder
        ).wait()
        #expect(piped.errors.contains("standard input, \(refusal)"))
        // More than one piece, of which the last figure shows how the first is written.
        var wide = "year,exports\n1000,\"1,187\"\n"
        for year in 1001..<9000 {
            wide += "\(year),\(String(repeating: "1", count: 40 + year % 2))\n"
        }
        wide = wide.replacing(String(repeating: "1", count: 41), with: "7")
            .replacing(String(repeating: "1", count: 40), with: "8")
        try mina.write(
            wide + String(repeating: "\n", count: 300_000) + "9000,\"1,187.5\"\n", to: "wide.csv")
        let set = "--set reporter=KOR --set partner=CHN --source kita --scale 1"
        let substituted = try Running(
            "/bin/bash", ["-c", "\(Program.tally.path) import <(cat wide.csv) \(set) --json"],
            environment: mina.environment(), folder: mina.folder
        ).wait()
        #expect(substituted.json["new"] as? Int == 8001, "\(substituted.errors)")
        #expect(
            try mina.must("query", "SELECT value FROM trade WHERE period = '1000'", "--json").json[
                "rows"]
                as? [[Double]] == [[1187]])
        try mina.write(text.replacing(",1000,", with: ",0,"), to: "whole.csv")
        _ = try Running(
            "/bin/sh", ["-c", "gzip -k whole.csv"], environment: mina.environment(),
            folder: mina.folder
        ).wait()
        #expect(
            try mina.must("import", "whole.csv.gz").plainOutput
                == "Imported whole.csv.gz (comtrade): 1 new\n")
    }

    @Test("a pipe that nobody writes to is waited for until a signal")
    func emptyPipe() throws {
        let mina = try analyst()
        try #require(mkfifo(mina.folder + "/pipe", 0o600) == 0)
        let running = try mina.start(["import", "pipe"])
        // Long enough to be waiting; if it is not yet, the signal ends it all the same.
        usleep(300_000)
        kill(running.id, SIGTERM)
        #expect(running.wait().status == 130)
        let web = try mina.tally("import", "https://example.org/trade.csv")
        #expect(web.errors.contains("Get it first: curl -O https://example.org/trade.csv"))
    }

    @Test("an import in many changesets is one deed to take back")
    func undo() throws {
        let mina = try analyst()
        var text = "month,exports,imports\n"
        for year in 1950..<2450 {
            for month in 1...12 {
                text += "\(year)-\(String(format: "%02d", month)),\(year),\(month)\n"
            }
        }
        try mina.write(text, to: "wide.csv")
        let set = [
            "--set", "reporter=KOR", "--set", "partner=CHN", "--source", "kita", "--scale",
            "million",
        ]
        let made = try must(mina, ["import", "wide.csv"] + set + ["--json"])
        #expect(made.json["new"] as? Int == 12_000)
        #expect(
            try must(mina, ["import", "wide.csv"] + set).plainOutput
                == "Imported wide.csv (wide): 12,000 unchanged\n")
        #expect(
            try mina.must(
                "query", "SELECT value FROM trade WHERE period = '2023-12' AND flow = 'M'", "--json"
            )
            .json["rows"] as? [[Double]] == [[12_000_000]])
        try mina.must("undo")
        #expect(try mina.export().isEmpty)
    }

    @Test("a saved map travels with the dataset, and is shown as a setting")
    func savedMap() throws {
        let (mina, jun) = try Office.pair()
        try mina.write("Day,What\n3 December 2023,Ministers meet\n", to: "visits.csv")
        let given = [
            "--map", "date=Day", "--map", "title=What", "--set", "type=visit", "--source", "mofa",
        ]
        _ = try must(mina, ["import", "visits.csv"] + given + ["--save-map", "mofa-visits"])
        #expect(try mina.must("show", "setting/map.mofa-visits").output.contains("Day"))
        try jun.must("clone", mina.folder + "/korea.tally", "korea.tally")
        try jun.write("Day,What\n4 December 2023,Ministers meet again\n", to: "more.csv")
        #expect(
            try jun.must("import", "more.csv").plainOutput
                == "Imported more.csv (mapped, as the saved map mofa-visits says): 1 new\n")
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let words: [String]
        let status: Int32
        let errors: String
        var testDescription: String { words.joined(separator: " ") }
    }

    static let mistakes = [
        Mistake(
            words: ["--scale", "dozen"], status: 64,
            errors: "--scale is thousand, million, billion or a power of ten as 1000, not 'dozen'."),
        Mistake(
            words: ["--set", "reporter"], status: 64,
            errors: "--set is given as field=value, not 'reporter'."),
        Mistake(
            words: ["--decimal", "dot"], status: 64,
            errors: "--decimal is point or comma, not 'dot'."),
        Mistake(
            words: ["--encoding", "ebcdic"], status: 64, errors: "There is no encoding 'ebcdic'."),
        Mistake(words: ["--format", "excel"], status: 64, errors: "There is no format 'excel'."),
        Mistake(
            words: ["--map", "a", "--map", "b"], status: 64,
            errors: "--map names two saved maps: 'a' and 'b'."),
        Mistake(
            words: ["--save-map", "No Name"], status: 64,
            errors: "\"No Name\" is no name for a saved map"),
        Mistake(
            words: ["--refused", "x.csv"], status: 64,
            errors: "--refused is for rows that --skip-bad leaves out."),
        Mistake(words: ["--map", "kosis"], status: 65, errors: "there is no saved map \"kosis\""),
        Mistake(
            words: ["--format", "comtrade"], status: 65,
            errors: "the columns are not those of UN Comtrade"),
        Mistake(words: ["--kind", "visit"], status: 65, errors: "there is no kind \"visit\""),
        Mistake(
            words: ["--set", "reporte=KOR"], status: 65,
            errors: "--set names \"reporte\", which is no field of trade"),
    ]

    @Test("what is asked for wrongly is named, and nothing is written", arguments: mistakes)
    func mistake(_ mistake: Mistake) throws {
        let mina = try analyst()
        try mina.write(Self.header + Self.year(2023, "1"), to: "a.csv")
        let end = try mina.tally(["import", "a.csv"] + mistake.words)
        #expect(end.status == mistake.status)
        #expect(end.errors.contains(mistake.errors))
        #expect(try mina.export().isEmpty)
    }

    private static let published = ProcessInfo.processInfo.environment["TALLY_PUBLISHED_DATA"]
        .flatMap { $0.isEmpty ? nil : $0 }

    @Test(
        "published tables of trade and events come in whole, to the cent and to the event",
        .enabled(if: published != nil, "TALLY_PUBLISHED_DATA names no folder of published files"))
    func publishedTables() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let end = try Running(
            "/usr/bin/env",
            [
                "python3", "\(root.path)/scripts/check-imports", Self.published ?? "", "--binary",
                Program.tally.path,
            ],
            environment: ProcessInfo.processInfo.environment, folder: NSTemporaryDirectory()
        ).wait()
        #expect(end.status == 0, "\(end.output)\(end.errors)")
        #expect(end.output.hasSuffix("77 files, 0 with something wrong\n"))
    }
}
