import Foundation
import Testing

/// `export --open`, edits in other people's programs and by others meanwhile, `import --edited`.
@Suite struct SpreadsheetTests {
    private let office: Office
    private let mina: Analyst
    private let jun: Analyst

    private static let china = "trade/KOR/CHN/X/TOTAL/2023/kosis"
    private static let usa = "trade/KOR/USA/X/TOTAL/2023-12/kosis"
    private static let japan = "trade/KOR/JPN/X/H6:0401/2023/kosis"
    private static let vietnam = "trade/KOR/VNM/X/TOTAL/2023/kosis"
    private static let india = "trade/KOR/IND/X/TOTAL/2023/kosis"

    /// Mina and jun with five figures, who meet at a hub.
    init() throws {
        office = try Office()
        try office.startHub()
        mina = try office.analyst("mina", machine: "laptop")
        jun = try office.analyst("jun", machine: "desk-2")
        for analyst in [mina, jun] { try analyst.logIn(as: "admin") }
        try mina.must("init", "korea.tally")
        try mina.write(
            """
            reporter,partner,flow,product,period,source,value,status,released,note,tags
            KOR,CHN,X,TOTAL,2023,kosis,124817682000,A,2024-01-15,=1+1,a;b
            KOR,USA,X,TOTAL,2023-12,kosis,115696334000,A,2024-01,한국,
            KOR,JPN,X,H6:0401,2023,kosis,29000614000,A,,0401,x
            KOR,VNM,X,TOTAL,2023,kosis,53480000000.5,P,,NA,
            KOR,IND,X,TOTAL,2023,kosis,17949000000,P,,true,

            """, to: "trade.csv")
        try mina.must("import", "trade.csv")
        try mina.must("publish", office.hubURL + "/korea")
        try jun.must("clone", office.hubURL + "/korea", "korea.tally")
        try mina.must("export", "--kind", "trade", "--open", "-o", "sheet.csv")
    }

    /// What jun does while mina has the sheet open.
    private func meanwhile() throws {
        try jun.must("set", Self.china, "status=P")
        try jun.must("set", Self.usa, "note=from jun")
        try jun.must("set", Self.japan, "value=29000000000")
        try jun.must("delete", Self.vietnam)
        try jun.must("sync")
        try mina.must("sync")
    }

    /// Both have the same and are sound.
    private func agree() throws {
        for analyst in [mina, jun, mina] { try analyst.must("sync") }
        #expect(try mina.export() == jun.export())
        for analyst in [mina, jun] { try analyst.must("verify") }
    }

    /// What mina has made of the sheet meanwhile: China's value, Japan's note and value, Vietnam's status, a new row, and a
    /// row that is gone.
    private func comesBack(as name: String) throws {
        let before = try mina.export()
        let rehearsal = try mina.must("import", name, "--edited", "--dry-run", "--json").json
        #expect(try mina.export() == before)
        let report = try mina.must("import", name, "--edited", "--json").json
        for (member, count) in [
            ("new", 1), ("changed", 3), ("unchanged", 1), ("missing_count", 1), ("same", 1),
            ("refused_count", 0), ("conflicted", 0), ("deleted", 0),
        ] {
            #expect(report[member] as? Int == count, "\(member): \(report)")
            #expect(rehearsal[member] as? Int == count, "\(member)")
        }
        #expect((report["conflicts"] as? [String])?.count == 2)
        #expect(report["missing"] as? [String] == [Self.india])
        let conflicts = try mina.conflicts().map { conflict in
            let sides = (conflict["sides"] as? [[String: Any]] ?? []).map {
                "\($0["author"] ?? "")\($0["deleted"] as? Bool == true ? " deleted" : "")"
            }
            return
                "\(conflict["record"] ?? "") \(conflict["what"] ?? "") \(sides.joined(separator: ", "))"
        }
        #expect(
            Set(conflicts) == [
                "\(Self.china) edit/edit jun, mina",
                "\(Self.vietnam) delete/edit jun deleted, mina",
            ])
        // What jun has written and mina has not touched stays, and what mina has written alone is there.
        let exported = try mina.export()
        #expect(exported.contains(#""note":"from jun""#))
        #expect(exported.contains(#""value":125000000000,"unit":"USD""#))
        #expect(exported.contains(#""note":"checked""#))
        #expect(exported.contains(#""partner":"MEX""#))
        #expect(exported.contains(#""partner":"IND""#))
        let again = try mina.must("import", name, "--edited", "--json").json
        #expect(again["revisions"] as? [String] == [])
        #expect(try mina.export() == exported)
        try agree()
        try mina.must("undo")
        #expect(try mina.export() == before)
        try agree()
    }

    @Test("a row that stands twice is skipped, and a settled conflict is shown with its field")
    func skippedAndSettled() throws {
        let sheet = try String(contentsOfFile: mina.folder + "/sheet.csv", encoding: .utf8)
        let edited = sheet.replacing("29000614000", with: "29000000001")
        let last = try #require(edited.split(separator: "\r\n").last)
        try mina.write(edited + last + "\r\n", to: "edited.csv")
        try meanwhile()
        let report = try mina.must("import", "edited.csv", "--edited", "--json").json
        #expect(report["skipped"] as? Int == 1 && report["rows"] as? Int == 6)
        #expect((report["conflicts"] as? [String])?.count == 1)
        let shown = try mina.must("import", "edited.csv", "--edited", "--resolve", "--dry-run")
        #expect(shown.plainOutput.contains("1 skipped"), "\(shown.plainOutput)")
        #expect(
            shown.plainOutput.contains("value 29,000,000,001, which settles the conflict"),
            "\(shown.plainOutput)")
        // Without --resolve the conflict stays, also where the row changes something beside it.
        let other = edited.replacing("29000000001,USD,,A", with: "29000000001,USD,,E").replacing(
            ",0401,", with: ",checked,")
        #expect(other.count != edited.count)
        try mina.write(other, to: "other.csv")
        let left = try mina.must("import", "other.csv", "--edited", "--dry-run")
        #expect(left.plainOutput.contains("status A stays, the file says E"), "\(left.plainOutput)")
        #expect(!left.plainOutput.contains("settles"))
    }

    // MARK: pandas

    private static let pandas = """
        import pandas, sys
        frame = pandas.read_csv("sheet.csv"OPTIONS)
        isText = frame.value.dtype == "str"
        def cell(partner, column, value):
            frame.loc[frame.partner == partner, column] = str(value) if isText else value
        cell("CHN", "value", 125000000000)
        cell("JPN", "value", 29000000000)
        cell("JPN", "note", "checked")
        cell("VNM", "status", "E")
        frame = frame[frame.partner != "IND"]
        new = {"reporter": "KOR", "partner": "MEX", "flow": "X", "product": "TOTAL", "period": "2023",
               "source": "kosis", "value": 18000000000}
        frame = pandas.concat([frame, pandas.DataFrame([new])])
        """

    @Test(
        "pandas, with and without care for types",
        .enabled(if: OtherTool.pandas.isThere, OtherTool.pandas.reason),
        arguments: ["", ", dtype=str, keep_default_na=False"])
    func pandas(options: String) throws {
        try meanwhile()
        // Floats for figures beside nothing, an index before it all, nothing for NA, 401 for 0401.
        try OtherTool.pandas.run(
            by: mina, "-c",
            Self.pandas.replacing("OPTIONS", with: options)
                + "\nframe.to_csv(\"edited.csv\"\(options.isEmpty ? "" : ", index=False"))")
        try comesBack(as: "edited.csv")
    }

    @Test(
        "pandas as JSON", .enabled(if: OtherTool.pandas.isThere, OtherTool.pandas.reason))
    func pandasJSON() throws {
        try meanwhile()
        try OtherTool.pandas.run(
            by: mina, "-c",
            Self.pandas.replacing("OPTIONS", with: ", dtype=str, keep_default_na=False")
                + "\nframe.to_json(\"edited.json\", orient=\"records\")")
        try comesBack(as: "edited.json")
    }

    // MARK: LibreOffice

    /// Changes cells of `sheet.ods` by their text, takes a row away and appends one, as a person would.
    private static let editing = """
        import re, sys, zipfile
        source = zipfile.ZipFile("sheet.ods")
        content = source.read("content.xml").decode()
        rows = re.findall(r"<table:table-row.*?</table:table-row>", content, re.S)
        def figure(number):
            return ('<table:table-cell office:value-type="float" office:value="%s" calcext:value-type="float">'
                    '<text:p>%s</text:p></table:table-cell>' % (number, number))
        def words(text):
            return ('<table:table-cell office:value-type="string" calcext:value-type="string">'
                    '<text:p>%s</text:p></table:table-cell>' % text)
        def edited(row):
            def change(pattern, cell):
                nonlocal row
                row, count = re.subn(pattern, lambda found: cell, row, count=1, flags=re.S)
                assert count == 1, (pattern, row)
            def at(text): return r"<table:table-cell[^>]*><text:p>%s</text:p></table:table-cell>" % text
            if ">CHN<" in row: change(at("124817682000"), figure(125000000000))
            if ">JPN<" in row:
                change(at("29000614000"), figure(29000000000))
                change(at("0?401"), words("checked"))
            if ">VNM<" in row: change(at("P"), words("E"))
            return row
        kept = [edited(row) for row in rows if ">IND<" not in row]
        new = ("<table:table-row>" + "".join(words(text) for text in ["KOR", "MEX", "X", "TOTAL"]) + figure(2023)
               + words("kosis") + figure(18000000000) + "</table:table-row>")
        last = max(index for index, row in enumerate(kept) if ">KOR<" in row)
        kept.insert(last + 1, new)
        start, end = content.index(rows[0]), content.rindex(rows[-1]) + len(rows[-1])
        content = content[:start] + "".join(kept) + content[end:]
        with zipfile.ZipFile("edited.ods", "w") as target:
            for item in source.infolist():
                data = content.encode() if item.filename == "content.xml" else source.read(item.filename)
                target.writestr(item, data)
        """

    /// Converts a file with LibreOffice, as opening it and saving it in another format does.
    private func convert(_ name: String, to format: String, reading filter: String? = nil) throws {
        let profile = "-env:UserInstallation=file://\(mina.folder)/.office"
        try OtherTool.libreOffice.run(
            by: mina,
            [profile, "--headless"] + (filter.map { ["--infilter=" + $0] } ?? [])
                + ["--convert-to", format, name])
    }

    /// UTF-8, a comma, as people choose it where the program asks; `detecting` numbers and dates in all cells or not.
    private static func reading(detecting: Bool) -> String {
        "Text - txt - csv (StarCalc):44,34,76,1,,0,false,\(detecting)"
    }

    @Test(
        "LibreOffice, which takes for dates what looks like them or not",
        .enabled(if: OtherTool.libreOffice.isThere, OtherTool.libreOffice.reason),
        .enabled(if: OtherTool.python.isThere, OtherTool.python.reason),
        arguments: [false, true])
    func libreOffice(isDetecting: Bool) throws {
        try meanwhile()
        try convert("sheet.csv", to: "ods", reading: Self.reading(detecting: isDetecting))
        try OtherTool.python.run(by: mina, "-c", Self.editing)
        try FileManager.default.removeItem(atPath: mina.folder + "/sheet.csv")
        try convert("edited.ods", to: "csv:Text - txt - csv (StarCalc):44,34,76")
        try comesBack(as: "edited.csv")
    }

    @Test(
        "LibreOffice by way of a workbook of Excel's, and Windows-1252 with semicolons",
        .enabled(if: OtherTool.libreOffice.isThere, OtherTool.libreOffice.reason),
        .enabled(if: OtherTool.python.isThere, OtherTool.python.reason))
    func workbook() throws {
        try meanwhile()
        try convert("sheet.csv", to: "ods", reading: Self.reading(detecting: true))
        try OtherTool.python.run(by: mina, "-c", Self.editing)
        try convert("edited.ods", to: "xlsx")
        let refused = try mina.tally("import", "edited.xlsx", "--edited")
        #expect(refused.status == 65)
        try convert("edited.xlsx", to: "csv:Text - txt - csv (StarCalc):59,34,ANSI")
        try comesBack(as: "edited.csv")
    }

    // MARK: What a hurried user sees

    @Test("what is asked for in vain is refused with what to do")
    func mistakes() throws {
        for (arguments, part) in [
            (["export", "--open", "-o", "x.csv"], "--open is of one kind: give --kind trade"),
            (["export", "--open", "--kind", "trade"], "name it with -o FILE.csv."),
            (["export", "--open", "--kind", "trade", "-o", "x.jsonl"], "--open writes CSV"),
            (
                ["import", "sheet.csv", "--delete-missing"],
                "--delete-missing is for files that --edited"
            ),
            (
                ["import", "sheet.csv", "--edited", "--overwrite"],
                "--overwrite does nothing with --edited"
            ),
            (
                ["import", "sheet.csv", "--edited", "--kind", "trade"],
                "--kind does nothing with --edited"
            ),
            (
                ["import", "sheet.csv", "--edited", "--keep-unknown"],
                "--keep-unknown does nothing with --edited"
            ),
        ] {
            let end = try mina.tally(arguments)
            #expect(end.status == 64, "\(arguments)")
            #expect(end.errors.contains(part), "\(end.errors)")
        }
        for (arguments, part) in [
            (["import", "sheet.csv"], "tally import FILE --edited"),
            (["import", "trade.csv", "--edited"], "there is no column tally/"),
        ] {
            let end = try mina.tally(arguments)
            #expect(end.status == 65, "\(arguments)")
            #expect(end.errors.contains(part), "\(end.errors)")
        }
        // One whose copy has not what the sheet was exported from.
        try mina.must("set", Self.china, "note=x")
        try mina.must("export", "--kind", "trade", "--open", "-o", "\(jun.folder)/sheet.csv")
        let behind = try jun.tally("import", "sheet.csv", "--edited")
        #expect(behind.status == 65)
        #expect(behind.errors.contains("is not here yet\nFetch it first: tally sync"))
        try mina.must("sync")
        try jun.must("sync")
        #expect(
            try jun.must("import", "sheet.csv", "--edited").output
                == "Brought back sheet.csv: 5 unchanged\n")
    }

    private func edit(_ name: String, _ text: String, _ other: String) throws {
        let path = "\(mina.folder)/\(name)"
        let before = try String(contentsOfFile: path, encoding: .utf8)
        #expect(before.contains(text))
        try mina.write(before.replacing(text, with: other), to: name)
    }

    @Test("a file whose rows are all refused brings nothing back, also with --skip-bad")
    func allRefused() throws {
        try mina.must(
            "export", "--kind", "trade", "--where", "partner = 'CHN'", "--open", "-o", "one.csv")
        try edit("one.csv", "124817682000", "125E+9")
        let before = try mina.export()
        for arguments in [["--dry-run"], ["--json"], []] {
            let end = try mina.tally(
                ["import", "one.csv", "--edited", "--skip-bad"] + arguments)
            #expect(end.status == 65)
            if arguments == ["--json"] {
                #expect(end.json["imported"] as? Bool == false)
                #expect(end.json["refused_file"] as? String == "one.refused.csv")
                #expect(end.json["refused_count"] as? Int == 1)
            } else {
                #expect(
                    end.errors.contains(
                        "tally: one.csv: no row can be taken (1 row refused); nothing was imported")
                )
                #expect(
                    end.errors.contains("they can be brought back from there.")
                        == arguments.isEmpty)
            }
        }
        #expect(try mina.export() == before)
    }

    @Test("a command that the file's text stands in can be copied into a shell")
    func quoted() throws {
        try mina.must("add", "event", "id=mofa:1", "date=2024-01-02", "title=A visit")
        try mina.must("export", "--kind", "event", "--open", "-o", "events.csv")
        try edit("events.csv", "mofa:1,", "mofa:a b;$(touch x),")
        let command = "tally rename event/mofa:1 'id=mofa:a b;$(touch x)'"
        #expect(
            try mina.must("import", "events.csv", "--edited", "--dry-run").errors.contains(command))
        let report = try mina.must("import", "events.csv", "--edited", "--json").json
        // Both are there now.
        let remark = try #require((report["remarks"] as? [String])?.first)
        #expect(remark.hasSuffix("tally delete event/mofa:1"), "\(remark)")
    }

    @Test("--dates says the order of days")
    func dates() throws {
        try edit("sheet.csv", "2024-01-15", "3/12/2024")
        let end = try mina.tally("import", "sheet.csv", "--edited")
        #expect(end.status == 65)
        try mina.must("import", "sheet.csv", "--edited", "--dates", "dmy")
        #expect(try mina.export().contains(#""status":"A","released":"2024-12-03""#))
    }

    @Test("a rehearsal says what both have changed, and writes nothing")
    func rehearsal() throws {
        try meanwhile()
        let path = mina.folder + "/sheet.csv"
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacing("124817682000", with: "125000000000")
            .replacing("115696334000", with: "1.15696E+11").replacing("17949000000", with: "18E+9")
        try mina.write(text, to: "sheet.csv")
        let end = try mina.tally("import", "sheet.csv", "--edited", "--dry-run")
        #expect(end.status == 65)
        #expect(
            end.errors == """
                sheet.csv, row 3: value "18E+9" may be but the first digits of a figure
                  Give the column a number format without decimals, and save it again; or type it in full.
                tally: sheet.csv: 1 row cannot be taken; nothing was imported
                Mend the rows, or leave them out with --skip-bad.

                """)
        let less = try mina.must("import", "sheet.csv", "--edited", "--dry-run", "--skip-bad")
        #expect(
            less.plainOutput == """
                Would bring back sheet.csv: 1 changed, 2 unchanged, 1 left deleted, 1 refused
                  1  conflict: it has changed since the export too
                  2  have changed since the export, and stay: their cells are as exported
                  1  taken for untouched: value 1

                WHAT                 ROW  RECORD                               FIELDS
                changed by both        2  trade/KOR/CHN/X/TOTAL/2023/kosis     value 124,817,682,000, the file says 125,000,000,000; status P, the file says A; released 2024-01-15, the file says -
                deleted                6  trade/KOR/VNM/X/TOTAL/2023/kosis     deleted meanwhile
                changed since          4  trade/KOR/JPN/X/H6:0401/2023/kosis   value 29,000,000,000 stays, the file says 29,000,614,000
                changed since          5  trade/KOR/USA/X/TOTAL/2023-12/kosis  note from jun stays, the file says 한국
                taken for untouched    5  trade/KOR/USA/X/TOTAL/2023-12/kosis  value 1.15696E+11 for 115696334000

                """)
    }
}
