import Foundation
import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// A sheet that comes back while others have gone on.
struct EditedFileTests {
    private let folder: TestFolder
    private let mina: Copy
    private let jun: Copy
    private static let usa = "trade/KOR/USA/X/TOTAL/2023/motie"
    private static let japan = "trade/KOR/JPN/X/TOTAL/2023/motie"

    /// Mina and jun with three figures.
    init() throws {
        folder = try TestFolder()
        mina = try folder.copy("mina")
        try mina.write { editor in
            for (address, value) in [(korea, 100.0), (Self.usa, 200), (Self.japan, 300)] {
                try editor.edit(
                    wanted(RecordAddress(address)),
                    [
                        .figure(value, status: "P", released: "2024-01"), .note("n"),
                        .add("tags", "a"),
                    ])
            }
        }
        jun = try folder.copy("jun", of: mina)
    }

    private func meet() throws {
        try mina.pull(from: jun)
        try jun.pull(from: mina)
    }

    /// Both copies are sound and hold the same.
    private func agree(_ location: SourceLocation = #_sourceLocation) throws {
        try meet()
        for copy in [mina, jun] {
            #expect(
                try copy.verification(in: folder).faults == [], sourceLocation: location)
        }
        #expect(
            try mina.export("trade", as: "jsonl") == jun.export("trade", as: "jsonl"),
            sourceLocation: location)
        let conflicts = "SELECT id, side, value, author FROM tally_conflict ORDER BY id, side"
        #expect(try mina.sql(conflicts) == jun.sql(conflicts), sourceLocation: location)
    }

    private func value(_ address: String, _ field: String = "value") throws -> Value? {
        try mina.view(address).row?.values[field]
    }

    /// The sides of the conflicts of a record, as `A jun 5`.
    private func sides(_ address: String) throws -> [String] {
        try mina.view(address).conflicts.flatMap { conflict in
            try conflict.sides.map { side in
                let author = try mina.dataset.read { try $0.info(of: side.revision).author }
                switch side.content {
                case .values(let values): return "\(side.letter) \(author) \(values[0].plain)"
                case .existence(let existence): return "\(side.letter) \(author) \(existence)"
                }
            }
        }
    }

    @Test("an untouched sheet changes nothing, whatever others have done meanwhile")
    func untouched() throws {
        let sheet = try mina.sheet("trade")
        #expect(sheet.hasPrefix("\u{feff}reporter,"))
        #expect(sheet.split(separator: "\r\n").count == 4)
        try jun.edit(korea, .figure(101, status: "A"), .remove("tags", "a"))
        try jun.edit(Self.usa, .delete)
        try meet()
        let heads = try mina.dataset.read(\.heads)
        #expect(try mina.bringing(back: sheet).brief == "2 unchanged, 1 deleted, 1 stayed")
        #expect(try mina.dataset.read(\.heads) == heads)
        #expect(try value(korea) == .number(101))
    }

    @Test("what only the sheet has changed is an ordinary edit, by its person and not by an import")
    func ordinary() throws {
        let sheet = try mina.sheet("trade")
        try jun.edit(korea, .note("juns"))
        try meet()
        let written = sheet.replacing("100,USD", with: "150,USD")
            .replacing("n,a,,trade/KOR/USA", with: "n,a;b,,trade/KOR/USA")
        #expect(try mina.bringing(back: written).brief == "2 changed, 1 unchanged, 1 stayed")
        #expect(try value(korea) == .number(150))
        #expect(try value(korea, "note") == .text("juns"))
        // A figure that a person changes without giving its vintage has none.
        #expect(try value(korea, "released") == nil)
        #expect(try mina.view(Self.usa).row?.sets["tags"] == ["a", "b"])
        let last = try mina.dataset.read { try $0.latestChangesets(limit: 1)[0] }
        #expect(!last.isImport)
        #expect(last.author == "mina")
        #expect(try mina.dataset.read { $0.heads.count } == 2)
        #expect(try mina.bringing(back: written).brief == "3 unchanged, 2 same, 1 stayed")
        try agree()
    }

    @Test("an edit that is taken back in its sheet stays, and is told")
    func takenBack() throws {
        let sheet = try mina.sheet("trade")
        try mina.bringing(
            back: sheet.replacing("100,USD", with: "150,USD")
                .replacing("n,a,,trade/KOR/USA", with: "n,a;b,,trade/KOR/USA"))
        let report = try mina.bringing(back: sheet)
        #expect(report.brief == "3 unchanged, 2 stayed")
        let told = report.samples.map { sample in
            let fields = sample.fields.map { "\($0.name) \($0.before.plain) \($0.after.plain)" }
            return "\(sample.what) \(sample.record) \(fields)"
        }
        #expect(
            told == [
                #"stayed trade/KOR/CHN/X/TOTAL/2023/motie ["value 150 100", "released  2024-01"]"#,
                #"stayed trade/KOR/USA/X/TOTAL/2023/motie ["tags a;b a"]"#,
            ])
    }

    @Test("what has no column, or is in conflict, is not told as staying")
    func notShown() throws {
        let sheet = try mina.sheet("trade")
        try jun.edit(korea, .note("juns"))
        try mina.edit(Self.usa, .note("minas"))
        try jun.edit(Self.usa, .note("juns"))
        try meet()
        #expect(try mina.bringing(back: sheet).brief == "3 unchanged, 1 stayed")
        let rows = sheet.split(separator: "\r\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let note = try #require(rows[0].firstIndex(of: "note"))
        let without = rows.map { row in
            row.indices.filter { $0 != note }.map { row[$0] }.joined(separator: ",") + "\r\n"
        }.joined()
        #expect(try mina.bringing(back: without).brief == "3 unchanged")
    }

    @Test("what R writes for nothing changes nothing")
    func missingInR() throws {
        let rows = try mina.sheet("trade").split(separator: "\r\n").enumerated().map { index, row in
            row.split(separator: ",", omittingEmptySubsequences: false)
                .map { index > 0 && $0.isEmpty ? "NA" : String($0) }.joined(separator: ",")
        }
        let report = try mina.bringing(back: rows.joined(separator: "\r\n") + "\r\n")
        #expect(report.changed == 0)
        #expect(report.unchanged == 3)
    }

    @Test("cells of refused rows are not counted as untouched")
    func refusedRewritten() throws {
        let sheet = try mina.sheet("trade").replacing("100,USD", with: "1E+02,#REF!")
            .replacing("200,USD", with: "2E+02,USD")
        let report = try mina.bringing(back: sheet, skipBad: true)
        #expect(report.brief == "2 unchanged, 1 refused, 1 rewritten")
    }

    @Test("what was taken for untouched is shown with its row, also of a key")
    func rewritten() throws {
        let sheet = try mina.sheet("trade").replacing("100,USD", with: "1E+02,USD")
            .replacing("2023,motie,200", with: "2023.0,motie,200")
            .replacing("2023,motie,300", with: "2023.0,motie,3E+02")
        let report = try mina.bringing(back: sheet)
        #expect(report.brief == "3 unchanged, 4 rewritten")
        #expect(report.rewritten == ["period": 2, "value": 2])
        let shown = report.samples.map { sample in
            let fields = sample.fields.map { "\($0.name) \($0.before.plain) \($0.after.plain)" }
            return "\(sample.what) \(sample.row ?? 0) \(sample.record) \(fields)"
        }
        #expect(
            shown == [
                #"rewritten 2 trade/KOR/CHN/X/TOTAL/2023/motie ["value 100 1E+02"]"#,
                #"rewritten 3 trade/KOR/JPN/X/TOTAL/2023/motie ["period 2023 2023.0", "value 300 3E+02"]"#,
                #"rewritten 4 trade/KOR/USA/X/TOTAL/2023/motie ["period 2023 2023.0"]"#,
            ])
    }

    @Test(
        "what both have changed is a conflict with both sides, without a new replica where none is needed"
    )
    func both() throws {
        let sheet = try mina.sheet("trade")
        try jun.edit(korea, .figure(101, status: "P", released: "2024-01"))
        try jun.edit(Self.usa, .figure(201, status: "P"))
        try meet()
        let edited = sheet.replacing("100,USD", with: "150,USD")
            .replacing("200,USD", with: "201,USD").replacing("300,USD", with: "350,USD")
        let report = try mina.bringing(back: edited)
        #expect(report.brief == "2 changed, 1 unchanged, 1 conflicts, 1 same")
        #expect(try sides(korea) == ["A jun 101", "B mina 150"])
        #expect(try value(Self.japan) == .number(350))
        #expect(try mina.dataset.read { $0.heads.count } == 2)
        try agree()
        // The same sheet again says nothing new.
        let heads = try mina.dataset.read(\.heads)
        #expect(try mina.bringing(back: edited).brief == "3 unchanged, 3 same")
        #expect(try mina.dataset.read(\.heads) == heads)
        // Nor where somebody has settled what it had raised.
        try jun.edit(korea, .figure(101))
        try meet()
        #expect(try mina.bringing(back: edited).brief == "3 unchanged, 2 same, 1 replaced")
    }

    @Test(
        "what the same person has changed elsewhere meanwhile counts as others', and the deed is one"
    )
    func ownEdits() throws {
        let sheet = try mina.sheet("trade")
        try mina.edit(korea, .figure(101))
        let before = try mina.export("trade", as: "jsonl")
        let edited = sheet.replacing("100,USD", with: "150,USD").replacing(
            "300,USD", with: "350,USD")
        #expect(
            try mina.bringing(back: edited).brief == "2 changed, 1 unchanged, 1 conflicts")
        #expect(try sides(korea) == ["A mina 101", "B mina 150"])
        #expect(try mina.dataset.read { $0.heads.count } == 2)
        try agree()
        // Taken back as one, though it is of two changesets.
        let deed = try wanted(try mina.dataset.read { try $0.latestOwnDeed() })
        #expect(deed.infos.count == 2)
        #expect(Set(deed.infos.map(\.revision.replica)).count == 1)
        try mina.write { _ = try $0.undo(deed) }
        #expect(try mina.export("trade", as: "jsonl") == before)
        try agree()
        // The next one that needs somebody who has seen less takes the first replica again.
        let later = try mina.sheet("trade")
        try mina.edit(korea, .figure(102))
        try mina.bringing(back: later.replacing("101,USD", with: "160,USD"))
        #expect(try sides(korea) == ["A mina 102", "B mina 160"])
        #expect(try mina.dataset.read { $0.heads.count } == 2)
        try agree()
    }

    @Test(
        "somebody who changes the value beside somebody who changes the status is in conflict with them"
    )
    func statement() throws {
        let sheet = try mina.sheet("trade")
        try jun.edit(korea, .figure(100, status: "A", released: "2024-01"))
        try meet()
        #expect(
            try mina.bringing(back: sheet.replacing("100,USD", with: "150,USD")).conflicts.count
                == 1)
        #expect(try sides(korea) == ["A jun 100", "B mina 150"])
        try agree()
    }

    @Test("a policy settles what both have changed, as it does elsewhere")
    func policy() throws {
        try mina.edit(
            "setting/policy.trade.value", .set(statement: "value", value: [.text("max")]))
        try meet()
        let sheet = try mina.sheet("trade")
        try jun.edit(korea, .figure(101))
        try meet()
        let report = try mina.bringing(back: sheet.replacing("100,USD", with: "150,USD"))
        #expect(report.brief == "1 changed, 2 unchanged, 1 settled")
        #expect(try value(korea) == .number(150))
        try agree()
    }

    @Test("a conflict is judged by the policy under which it was exported")
    func policySince() throws {
        try mina.edit(korea, .figure(7))
        jun.person.clock.advance(seconds: 5)
        try jun.edit(korea, .figure(5))
        try meet()
        // Provisional is the later one, 5; under max it will be 7.
        let sheet = try mina.sheet("trade")
        #expect(sheet.contains(",5,USD"))
        try mina.edit(
            "setting/policy.trade.value", .set(statement: "value", value: [.text("max")]))
        #expect(try value(korea) == .number(7))
        #expect(try mina.bringing(back: sheet).brief == "3 unchanged")
        #expect(try value(korea) == .number(7))
    }

    @Test("an edit never settles a conflict by the way")
    func conflicts() throws {
        try mina.edit(korea, .figure(7))
        jun.person.clock.advance(seconds: 5)
        try jun.edit(korea, .figure(5))
        try meet()
        let sheet = try mina.sheet("trade")
        #expect(try mina.bringing(back: sheet).brief == "3 unchanged")
        let edited = sheet.replacing(",5,USD", with: ",9,USD")
        #expect(try mina.bringing(back: edited).brief == "3 unchanged, 1 conflicted")
        #expect(try sides(korea) == ["A mina 7", "B jun 5"])
        #expect(
            try mina.bringing(back: edited) { $0.resolves = true }.brief == "1 changed, 2 unchanged"
        )
        #expect(try sides(korea) == [])
        #expect(try value(korea) == .number(9))
        try agree()
    }

    @Test("what others have deleted and the sheet has edited is in conflict")
    func deletedByOthers() throws {
        let sheet = try mina.sheet("trade")
        try jun.edit(korea, .delete)
        try jun.edit(Self.usa, .delete)
        try meet()
        let edited = sheet.replacing("100,USD", with: "150,USD")
        #expect(
            try mina.bringing(back: edited).brief
                == "1 changed, 1 unchanged, 1 deleted, 1 conflicts")
        #expect(try sides(korea) == ["A jun deleted", "B mina present"])
        #expect(try value(korea) == .number(150))
        #expect(try !mina.view(Self.usa).isVisible)
        try agree()
        #expect(try mina.bringing(back: edited).brief == "2 unchanged, 1 deleted, 1 same")
    }

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

    @Test("the order of days may be said where the file does not show it")
    func dates() throws {
        let sheet = try mina.sheet("trade").replacing(
            "100,USD,,P,2024-01", with: "100,USD,,P,3/12/2024")
        #expect(try mina.bringing(back: sheet, skipBad: true).refusedCount == 1)
        #expect(try mina.bringing(back: sheet) { $0.dates = .dmy }.changed == 1)
        #expect(try value(korea, "released") == .text("2024-12-03"))
    }

    @Test("columns may be missing, in another order, or more")
    func columns() throws {
        let sheet = try mina.sheet("trade")
        let rows = sheet.split(separator: "\r\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let text = rows.enumerated().map { index, row in
            [
                String(row[19]), index == 0 ? "My check" : "ok",
                row[6] == "100" ? "150" : String(row[6]),
            ]
            .joined(separator: ";")
        }.joined(separator: "\n")
        let report = try mina.bringing(back: text)
        #expect(report.brief == "1 changed, 2 unchanged")
        #expect(report.notKept == ["My check": 3])
        #expect(try value(korea) == .number(150))
        #expect(try value(korea, "status") == .text("P"))
    }

    @Test(
        "as Excel saves it in Germany: semicolons, its own dates and figures, an encoding of one byte a letter"
    )
    func excel() throws {
        try mina.edit(
            korea, .figure(124_817_682_000, status: "P", released: "2024-01-15"),
            .note("한국 – „vorläufig“"))
        try mina.edit(Self.usa, .figure(1234.5, released: "2024-01-15"), .note("=A1"))
        let monthly = "trade/KOR/CHN/X/H6:0401/2023-12/motie"
        try mina.edit(monthly, .figure(0.5, released: "2024-02"))
        let lines = try mina.sheet("trade").split(separator: "\r\n")
        let header = lines[0].dropFirst().replacing(",", with: ";")
        let text = """
            \(header)
            KOR;CHN;X;H6:0401;Dez 23;motie;0,5;USD;;;Feb 24;;;;;;;;;trade/KOR/CHN/X/H6:0401/2023-12/motie
            KOR;CHN;X;TOTAL;2023;motie;1,24818E+11;USD;;A;15.01.2024;;;;;;?? – „vorläufig“;a;;\(korea)
            KOR;JPN;X;TOTAL;2023;motie;320,75;USD;;P;Jan 24;;;;;;n;a;;\(Self.japan)
            KOR;USA;X;TOTAL;2023;motie;1.234,50;USD;;;15.01.2024;;;;;;'=A1;a;;\(Self.usa)
            KOR;VNM;X;TOTAL;2023;motie;1.000.000;USD;;;31.12.2023;;;;;;für später;;

            """.replacing("\n", with: "\r\n")
        let bytes = try #require(text.data(using: .windowsCP1252))
        let file = EditedFile(
            name: "s.csv", options: EditedFile.Options(), open: pieces(Array(bytes), of: 1 << 20))
        var report = EditedReport()
        try mina.write { report = try file.run($0) }
        #expect(report.brief == "1 new, 2 changed, 2 unchanged, 9 rewritten")
        #expect(report.encoding == .windows1252)
        #expect(try value(korea) == .number(124_817_682_000))
        #expect(try value(korea, "status") == .text("A"))
        #expect(try value(korea, "note") == .text("한국 – „vorläufig“"))
        #expect(try value(Self.japan) == .number(320.75))
        let vietnam = try mina.view("trade/KOR/VNM/X/TOTAL/2023/motie").row?.values
        #expect(vietnam?["value"] == .number(1_000_000))
        #expect(vietnam?["released"] == .text("2023-12-31"))
        #expect(vietnam?["note"] == .text("für später"))
    }

    @Test("events come back too, and a new one without a key gets one from what it says")
    func events() throws {
        try mina.edit(
            "event/mofa:방문", .set(statement: "title", value: [.text("A visit")]),
            .set(statement: "date", value: [.text("2023-09"), .null]))
        let sheet = try mina.sheet("event")
        let header = try #require(sheet.split(separator: "\r\n").first)
        let names = header.dropFirst().split(separator: ",").map(String.init)
        let new = names.map { name in
            ["date": "2024-01-02", "type": "visit", "title": "Another", "source": "mofa"][name]
                ?? ""
        }.joined(separator: ",")
        let edited = sheet.replacing("A visit", with: "A short visit") + new + "\r\n"
        #expect(try mina.bringing(back: edited).brief == "1 new, 1 changed")
        #expect(
            try mina.view("event/mofa:방문").row?.values["title"] == .text("A short visit"))
    }

    @Test("a date of a month is somebody's word where its other end was typed")
    func halfOfStatement() throws {
        try mina.write { editor in
            try editor.edit(
                wanted(RecordAddress("event/e:1")),
                [.set(statement: "date", value: [.text("2023-09"), .null])])
        }
        let sheet = try mina.sheet("event")
        let typed = sheet.replacing("e:1,2023-09,,", with: "e:1,2023-09-01,2023-09-03,")
        #expect(typed != sheet)
        let untouched = sheet.replacing("e:1,2023-09,,", with: "e:1,2023-09-01,,")
        #expect(try mina.bringing(back: untouched).rewritten == ["date": 1])
        #expect(try mina.bringing(back: typed).rewritten.isEmpty)
        #expect(try value("event/e:1", "date") == .text("2023-09-01"))
        #expect(try value("event/e:1", "end_date") == .text("2023-09-03"))
    }
}
