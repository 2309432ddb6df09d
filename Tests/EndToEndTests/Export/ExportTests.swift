import Foundation
import Testing

/// `export` in formats of others.
struct ExportTests {
    private func analyst() throws -> Analyst {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        try mina.write(
            """
            reporter,partner,flow,product,period,source,value,status,tags
            KOR,CHN,X,TOTAL,2022,kosis,155789389000,A,
            KOR,CHN,X,H6:8542,2023,comtrade,124817682000.5,A,asia

            """, to: "trade.csv")
        try mina.must("import", "trade.csv")
        return mina
    }

    @Test("the kind is known by the format, and what has no place is told beside the file")
    func tellsWhatIsNotWritten() throws {
        let mina = try analyst()
        let end = try mina.must("export", "--format", "sdmx-csv", "-o", "out.csv")
        #expect(end.output.isEmpty)
        #expect(end.errors == "Not written, for sdmx-csv has no place for it: tags 1\n")
        #expect(try mina.must("-q", "export", "--format", "sdmx-csv").errors.isEmpty)
    }

    @Test("mistakes are named, and leave no file")
    func mistakes() throws {
        let mina = try analyst()
        let several = try mina.tally(["export", "--format", "comtrade", "-o", "out.csv"])
        #expect(several.status == 65)
        #expect(several.errors.contains("several sources (comtrade, kosis)"), "\(several.errors)")
        #expect(several.errors.contains("--where \"source = 'comtrade'\""))
        #expect(!FileManager.default.fileExists(atPath: mina.folder + "/out.csv"))
        let kind = try mina.tally(["export", "--format", "plover", "--kind", "trade"])
        #expect(kind.status == 64)
        #expect(kind.errors.contains("plover is of event: leave --kind away"), "\(kind.errors)")
        let evnet = try mina.tally(["export", "--kind", "evnet"])
        #expect(evnet.errors.contains("Did you mean event? The kinds are event, setting, trade."))
        // There is no column for the source: what is read back is of comtrade.
        for (source, note) in [("kosis", "source 1, status 1"), ("comtrade", "status 1, tags 1")] {
            let end = try mina.must(
                "export", "--format", "comtrade", "--where", "source = '\(source)'")
            #expect(end.errors.hasSuffix("no place for it: \(note)\n"), "\(end.errors)")
        }
    }

    @Test("an ending counts in whatever case, and one of a table that is none is told")
    func endings() throws {
        let mina = try analyst()
        let end = try mina.must("export", "--kind", "trade", "-o", "T.CSV")
        #expect(end.errors.isEmpty)
        let text = try String(contentsOfFile: mina.folder + "/T.CSV", encoding: .utf8)
        #expect(text.hasPrefix("reporter,"))
        #expect(try mina.tally(["export", "-o", "T.XLSX"]).status == 64)
        #expect(
            try mina.must("export", "-o", "T.TSV").errors
                == "T.TSV holds JSON lines, an object a line (--format jsonl), not a table: --format csv writes one\n"
        )
    }

    @Test("a file called .json is said to hold lines, unless lines were asked for")
    func lines() throws {
        let mina = try analyst()
        #expect(
            try mina.must("export", "-o", "e.json").errors
                == "e.json holds JSON lines, an object a line (--format jsonl), not one JSON text\n"
        )
        #expect(try mina.must("export", "-o", "e.json", "--format", "jsonl").errors.isEmpty)
        #expect(try mina.must("export", "-o", "e.jsonl").errors.isEmpty)
        #expect(try mina.must("import", "e.json", "--json").json["unchanged"] as? Int == 2)
    }

    @Test(
        "a reader of the standard takes SDMX-CSV as it is",
        .enabled(if: OtherTool.pysdmx.isThere, OtherTool.pysdmx.reason))
    func standardReader() throws {
        let mina = try analyst()
        try mina.must("export", "--format", "sdmx-csv", "-o", "out.csv")
        let read = try OtherTool.pysdmx.run(
            by: mina, "-c",
            """
            from pysdmx.io import read_sdmx
            for dataset in read_sdmx("out.csv", validate=False).data:
                table = dataset.data.sort_values("TIME_PERIOD")
                print(dataset.short_urn, table["PRODUCT"].tolist(), table["OBS_VALUE"].astype(float).tolist())
            """)
        #expect(
            read.output
                == "Dataflow=TALLY:TRADE(1.0) ['_T', 'HS22_8542'] [155789389000.0, 124817682000.5]\n"
        )
    }

    @Test("a file that others could not read before, they cannot read now")
    func mode() throws {
        let mina = try analyst()
        let path = mina.folder + "/out.jsonl"
        try Data("old".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try mina.must("export", "-o", "out.jsonl")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int != 3)
    }

    @Test(
        "- is standard output, no name and a workbook are mistakes, and --json says what was written"
    )
    func outputs() throws {
        let mina = try analyst()
        #expect(try mina.must("export", "-o", "-").output == mina.must("export").output)
        for (name, reason) in [("", "-o names no file"), ("x.xlsx", "Tally writes no workbooks")] {
            let end = try mina.tally(["export", "-o", name])
            #expect(end.status == 64)
            #expect(end.errors.contains(reason), "\(end.errors)")
        }
        let json = try mina.must("export", "--json", "--format", "sdmx-csv", "-o", "out.csv").json
        #expect(json["format"] as? String == "sdmx-csv" && json["file"] as? String == "out.csv")
        #expect(json["not_written"] as? [String: Int] == ["tags": 1])
    }
}
