import Foundation
import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// Rows that are new, gone, refused, cut, or have another key.
extension EditedFileTests {
    private func without(_ address: String, _ sheet: String) -> String {
        sheet.split(separator: "\r\n").filter { !$0.hasSuffix(address) }
            .map { $0 + "\r\n" }.joined()
    }

    @Test("rows that are gone are told, and deleted only where that is asked for")
    func missing() throws {
        let sheet = without(Self.usa, without(korea, try mina.sheet("trade")))
        try jun.edit(korea, .note("juns"))
        // A record that was not there when it was exported is not missing.
        try jun.edit("trade/KOR/VNM/X/TOTAL/2023/motie", .figure(1))
        try meet()
        let report = try mina.bringing(back: sheet)
        #expect(report.brief == "1 unchanged, 2 missing")
        #expect(report.missing.map(\.text) == [korea, Self.usa])
        #expect(
            try mina.bringing(back: sheet) { $0.deletesMissing = true }.brief
                == "1 unchanged, 2 removed, 2 missing, 1 conflicts")
        #expect(try !mina.view(Self.usa).isVisible)
        #expect(try sides(korea) == ["A jun present", "B mina deleted"])
        try agree()
        #expect(
            try mina.bringing(back: sheet) { $0.deletesMissing = true }.brief
                == "1 unchanged, 1 missing, 1 conflicted")
    }

    private func row(_ partner: String, _ value: String, mark: String = "") -> String {
        "KOR,\(partner),X,TOTAL,2023,motie,\(value),,,,,,,,,,,,,\(mark)\r\n"
    }

    @Test("new rows are new records; one that others have added too is compared with theirs")
    func new() throws {
        let sheet =
            try mina.sheet("trade") + row("VNM", "5") + row("IND", "6") + row("MEX", "7")
            + "KOR,THA,X,TOTAL,2023,motie,8\r\n"
        try jun.edit("trade/KOR/IND/X/TOTAL/2023/motie", .figure(6))
        try jun.edit("trade/KOR/MEX/X/TOTAL/2023/motie", .figure(70))
        try meet()
        #expect(
            try mina.bringing(back: sheet).brief
                == "2 new, 1 changed, 4 unchanged, 1 conflicts, 1 same")
        #expect(try value("trade/KOR/VNM/X/TOTAL/2023/motie", "unit") == .text("USD"))
        #expect(try value("trade/KOR/THA/X/TOTAL/2023/motie") == .number(8))
        #expect(
            try sides("trade/KOR/MEX/X/TOTAL/2023/motie") == ["A jun 70", "B mina 7"])
        try agree()
        #expect(try mina.bringing(back: sheet).brief == "7 unchanged, 4 same")
    }

    @Test("a key that was changed is a new record, and the old one is missing")
    func changedKey() throws {
        let sheet = try mina.sheet("trade").replacing("KOR,USA,X", with: "KOR,MEX,X")
        let report = try mina.bringing(back: sheet)
        #expect(report.brief == "1 new, 2 unchanged, 1 missing")
        #expect(report.missing.map(\.text) == [Self.usa])
        #expect(
            report.moved.map { "\($0.row) \($0.from) \($0.to) \($0.parts)" } == [
                #"4 \#(Self.usa) trade/KOR/MEX/X/TOTAL/2023/motie ["partner=MEX"]"#
            ])
        let moved = try mina.view("trade/KOR/MEX/X/TOTAL/2023/motie").row
        #expect(moved?.values["value"] == .number(200))
        #expect(moved?.values["released"] == .text("2024-01"))
        #expect(moved?.sets["tags"] == ["a"])
    }

    @Test("a row that was copied and given another key is a new record, and nothing is missing")
    func copiedRow() throws {
        let sheet = try mina.sheet("trade")
        let row = try #require(sheet.split(separator: "\r\n").first { $0.hasSuffix(korea) })
        let copied = sheet + row.replacing("KOR,CHN", with: "KOR,VNM") + "\r\n"
        let report = try mina.bringing(back: copied)
        #expect(report.brief == "1 new, 3 unchanged")
        #expect(report.moved == [])
    }

    @Test("a record whose key and figure were changed has no vintage, as a changed figure has none")
    func changedKeyAndFigure() throws {
        let sheet = try mina.sheet("trade")
            .replacing("KOR,USA,X,TOTAL,2023,motie,200", with: "KOR,USA,X,TOTAL,2024,motie,250")
        #expect(try mina.bringing(back: sheet).brief == "1 new, 2 unchanged, 1 missing")
        let moved = try mina.view("trade/KOR/USA/X/TOTAL/2024/motie").row?.values
        #expect(moved?["value"] == .number(250))
        #expect(moved?["released"] == nil)
        #expect(moved?["status"] == .text("P"))
        #expect(moved?["note"] == .text("n"))
    }

    @Test("an address that no record can have is shown with its control characters escaped")
    func strangeAddress() throws {
        let sheet = try mina.sheet("trade").replacing(korea, with: korea + "\u{1b}[2J\0")
        let report = try mina.bringing(back: sheet, skipBad: true)
        #expect(
            report.refused.map(\.reason) == [
                "its last column, \"\(korea)\\u001b[2J\\u0000\", names no record of trade"
            ])
    }

    @Test("bad rows are refused with their numbers, and are not missing")
    func refused() throws {
        let sheet = try mina.sheet("trade")
        let row = try #require(sheet.split(separator: "\r\n").first { $0.hasSuffix(korea) })
        let bad =
            sheet.replacing("200,USD", with: "2E+11,USD")
            .replacing("300,USD", with: "300,XYZ1")
            + row.replacing("100", with: "120") + "\r\n"
            + row.replacing(korea, with: "trade/KOR") + "\r\n"
            + row.replacing(korea, with: "trade/KOR/CHN/X/TOTAL/2022/motie")
            .replacing("2023,motie", with: "2022,motie") + "\r\n"
        let report = try mina.bringing(back: bad, skipBad: true) { $0.deletesMissing = true }
        #expect(report.brief == "1 unchanged, 5 refused")
        #expect(
            report.refused.map { "\($0.row): \($0.reason)" }.sorted() == [
                "3: unit \"XYZ1\" is not in the code list currency",
                "4: value \"2E+11\" may be but the first digits of a figure",
                "5: \(korea) stands twice in the file (row 2)",
                "6: its last column, \"trade/KOR\", names no record of trade",
                "7: trade/KOR/CHN/X/TOTAL/2022/motie was not there when the file was exported",
            ])
        #expect(throws: NotTaken.self) { try mina.bringing(back: bad) }
    }

    @Test("of a part that was exported no row is known to be missing by name, and none is deleted")
    func part() throws {
        var text = ""
        let path = mina.dataset.path
        let reader = try Dataset.open(path: path, readOnly: true)
        defer { reader.close() }
        _ = try reader.read { access in
            try RecordExport.sheet(
                wanted(access.kinds["trade"]), from: access, where: "value < 250"
            ) { text += $0 }
        }
        #expect(text.contains("/part/2/"))
        #expect(try mina.bringing(back: text).brief == "2 unchanged")
        let less = without(korea, text)
        let report = try mina.bringing(back: less)
        #expect(report.brief == "1 unchanged, 1 missing")
        #expect(report.missing == [])
        #expect(throws: FormatError.self) {
            try mina.bringing(back: less) { $0.deletesMissing = true }
        }
        // A record that was there and not exported has not been seen. Such a row is none of the export, and its key is free.
        let added = try mina.bringing(
            back: less + row("JPN", "5") + row("JPN", ""), skipBad: true)
        #expect(
            added.refused.map(\.reason)
                == ["its last cell is empty, and \(Self.japan) was there before"])
        #expect(
            added.remarks == [
                "rows of records that were there before, with an empty last cell: what else is empty in them says nothing, "
                    + "and stays: \"row 4: note, released, status, tags, unit, value\" 1"
            ])
        #expect(added.brief == "2 unchanged, 1 missing, 1 refused")
        // A row that is refused is there, whether its cells, its key or their number is wrong.
        for (good, bad) in [
            ("200,USD", "2E+11,USD"), ("KOR,USA,X,TOTAL,2023,motie", "KOR,USA,X,TOTAL,soon,motie"),
            ("KOR,USA,X", "KOR,KOR,USA,X"),
        ] {
            let report = try mina.bringing(back: less.replacing(good, with: bad), skipBad: true)
            #expect(report.brief == "1 missing, 1 refused", "\(bad)")
            #expect(report.isAllRefused)
        }
    }

    @Test("a row that is refused leaves its key to the correct one below")
    func refusedKey() throws {
        let sheet = try mina.sheet("event")
        let header = try #require(sheet.split(separator: "\r\n").first)
        let names = header.dropFirst().split(separator: ",").map(String.init)
        func row(_ lastDay: String) -> String {
            names.map { name in
                [
                    "id": "mofa:1", "date": "2024-01-02", "end_date": lastDay, "title": "A visit",
                    "source": "mofa",
                ][name] ?? ""
            }.joined(separator: ",") + "\r\n"
        }
        let report = try mina.bringing(
            back: sheet + row("2023-01-01") + row("2024-01-03"), skipBad: true)
        #expect(report.brief == "1 new, 1 refused")
        #expect(report.refused.map(\.reason) == ["end_date 2023-01-01 is before date 2024-01-02"])
        #expect(try mina.view("event/mofa:1").row?.values["end_date"] == .text("2024-01-03"))
    }

    @Test("a row that was left out comes back as one of its export, though it was typed anew")
    func leftOut() throws {
        let sheet = try mina.sheet("trade")
        let header = try #require(sheet.dropFirst().split(separator: "\r\n").first)
        let text = "\u{feff}tally_row,tally_reason,\(header)\r\n2,why,\(row("CHN", "150"))"
        let report = try mina.bringing(back: text)
        #expect(report.brief == "1 changed")
        #expect(
            report.remarks.first?.hasSuffix(
                #"stays: "row 2: note, released, status, tags, unit" 1"#)
                == true)
        #expect(try value(korea) == .number(150))
        #expect(try value(korea, "note") == .text("n"))
    }

    @Test("what is cleared in rows whose last cell is empty stays, and is told")
    func unmarked() throws {
        let sheet = try mina.sheet("trade")
        let mark = ",trade/KOR/USA/X/TOTAL/2023/motie"
        let report = try mina.bringing(
            back: sheet.replacing("n,a,\(mark)", with: ",a;b,,"))
        #expect(report.brief == "1 changed, 2 unchanged")
        #expect(report.remarks.first?.hasSuffix(#"stays: "row 4: note" 1"#) == true)
        #expect(try mina.view(Self.usa).row?.sets["tags"] == ["a", "b"])
    }

    @Test("a row that has the key of one exported record and the mark of another is refused")
    func anothersKey() throws {
        let sheet = try mina.sheet("trade").replacing("KOR,USA,X", with: "KOR,CHN,X")
        for sheet in [sheet, without(korea, sheet)] {
            let report = try mina.bringing(back: sheet, skipBad: true)
            #expect(report.refusedCount == 1 && report.changed == 0)
            let reason = try #require(report.refused.first?.reason)
            #expect(reason.contains("KOR/CHN/X") && reason.contains("KOR/USA/X"))
        }
        #expect(try value(korea) == .number(100))
    }

    @Test("a sheet that was cut, at whatever byte, changes nothing of what it had")
    func cut() throws {
        let sheet = try mina.sheet("trade")
        let start = try #require(sheet.dropLast(2).lastIndex(of: "\r\n"))
        let last = sheet[sheet.index(after: start)...].dropLast()
        var refused = 0
        for count in 1..<last.count {
            let text = String(sheet[...start] + last.prefix(count))
            let report = try mina.bringing(back: text, skipBad: true)
            #expect(report.changed + report.new == 0, "\(last.prefix(count))")
            refused += report.refusedCount
        }
        // Where nothing but the mark is cut off, the row says what it said.
        #expect(refused >= last.count - 2)
        let short = String(sheet[...start] + last.prefix(30) + "\r\n")
        #expect(try mina.bringing(back: short, skipBad: true).refusedCount == 1)
    }
}
