import Foundation
import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// A sheet that comes back while others have gone on.
struct EditedFileTests {
    private let folder: TestFolder
    let mina: Copy
    let jun: Copy
    static let usa = "trade/KOR/USA/X/TOTAL/2023/motie"
    static let japan = "trade/KOR/JPN/X/TOTAL/2023/motie"

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

    func meet() throws {
        try mina.pull(from: jun)
        try jun.pull(from: mina)
    }

    /// Both copies are sound and hold the same.
    func agree(_ location: SourceLocation = #_sourceLocation) throws {
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

    func value(_ address: String, _ field: String = "value") throws -> Value? {
        try mina.view(address).row?.values[field]
    }

    /// The sides of the conflicts of a record, as `A jun 5`.
    func sides(_ address: String) throws -> [String] {
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
