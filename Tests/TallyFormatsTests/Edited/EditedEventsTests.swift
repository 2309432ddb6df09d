import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// Events that come back in a sheet, and rows that are not where they belong.
struct EditedEventsTests {
    private let folder: TestFolder
    private let mina: Copy

    init() throws {
        folder = try TestFolder()
        mina = try folder.copy("mina")
        try mina.importing(
            """
            id,date,type,title,actors,targets,citations,source
            m:1,2023-09-23,visit,Han in Hangzhou,KOR;an envoy,CHN,,m
            m:2,2023-12-01,visit,A visit,KOR,JPN,,m

            """)
    }

    /// A row of the sheet with these fields.
    private func row(_ sheet: String, _ fields: [String: String]) throws -> String {
        let header = try wanted(sheet.dropFirst().split(separator: "\r\n").first)
        return header.split(separator: ",", omittingEmptySubsequences: false)
            .map { fields[String($0)] ?? "" }.joined(separator: ",") + "\r\n"
    }

    @Test("actors that are typed become areas as they do in an import, and what is none is told")
    func actors() throws {
        let sheet = try mina.sheet("event")
        let new = try row(
            sheet,
            [
                "date": "2024-01-02", "type": "visit", "title": "Another", "source": "m",
                "actors": "South Korea;Ben", "targets": "Germany",
            ])
        let edited = sheet.replacing("KOR;an envoy", with: "an envoy;China;Chnia") + new
        #expect(edited != sheet + new)
        let report = try mina.bringing(back: edited)
        #expect(report.brief == "1 new, 1 changed, 1 unchanged")
        #expect(
            report.remarks == [
                "actors and targets that are no area, taken as names: \"Ben\" 1, \"Chnia\" 1"
            ])
        #expect(try mina.view("event/m:1").row?.sets["actors"] == ["CHN", "Chnia", "an envoy"])
        let sets = try mina.dataset.read { access in
            var sets: [[String: [String]]] = []
            try access.forEachRow(of: wanted(access.kinds["event"])) { sets.append($0.sets) }
            return sets.first { $0["targets"] == ["DEU"] }
        }
        #expect(sets?["actors"] == ["Ben", "KOR"])
        // Of what is there already nothing is told again.
        #expect(try mina.bringing(back: edited).remarks == [])
        // The name of an area for its code is no edit of its own.
        let named = try mina.sheet("event").replacing(",JPN,", with: ",Japan,")
        #expect(try mina.bringing(back: named).brief == "3 unchanged")
    }

    @Test("a row that was shifted is refused with the cell that shows it, and none is typed anew")
    func shifted() throws {
        let sheet = try mina.sheet("event")
        var lines = sheet.split(separator: "\r\n").map(String.init)
        // A column of one's own behind the mark: a row that is shifted by a cell has no cell too many.
        lines = lines.map { $0 + "," }
        lines[0] += "mine"
        lines[1] = "," + lines[1].dropLast()
        let refused = try mina.bringing(back: lines.joined(separator: "\r\n"), skipBad: true)
        #expect(refused.brief == "1 unchanged, 1 missing, 1 refused")
        #expect(
            refused.refused.map(\.reason) == [
                "\"event/m:1\", which names a record, stands in the column \"mine\", and none in that of the mark"
            ])
        // To the left too, where the mark comes to stand in a column of the kind.
        let text = sheet.replacing("m:2,2023-12-01,,visit,", with: "m:2,2023-12-01,visit,")
            .replacing(
                "event/m:2\r\n", with: "event/m:2,\r\n")
        let left = try mina.bringing(back: text, skipBad: true)
        #expect(left.refusedCount == 1)
        #expect(left.refused.first?.reason.contains("and none in that of the mark") == true)
        // A text that names a record is none where the mark is in its place.
        let note = sheet.replacing("A visit", with: "event/m:1")
        #expect(try mina.bringing(back: note).brief == "1 changed, 1 unchanged")
    }

    @Test("of two rows that say the same the second is skipped, and counted")
    func repeated() throws {
        let sheet = try mina.sheet("event").replacing("A visit", with: "A long visit")
        let last = try wanted(sheet.split(separator: "\r\n").last)
        let report = try mina.bringing(back: sheet + last + "\r\n")
        #expect(report.brief == "1 changed, 1 unchanged, 1 skipped")
        #expect(report.rows == 3)
    }

    @Test("a conflict that is settled with what stands there is shown with its field")
    func settled() throws {
        let jun = try folder.copy("jun", of: mina)
        let sheet = try mina.sheet("event")
        let edited = sheet.replacing("A visit", with: "Mine")
        try jun.edit("event/m:2", .set(statement: "title", value: [.text("Juns")]))
        try mina.pull(from: jun)
        #expect(try mina.bringing(back: edited).conflicts.count == 1)
        let report = try mina.bringing(back: edited) { $0.resolves = true }
        #expect(report.brief == "1 changed, 1 unchanged")
        let fields = report.samples.first?.fields.map { "\($0.name) \($0.after.plain)" }
        #expect(fields == ["title Mine"])
        #expect(try mina.view("event/m:2").conflicts.isEmpty)
    }

    @Test("what a sample shows of a record says of each field what becomes of it")
    func outcomes() throws {
        let jun = try folder.copy("jun", of: mina)
        let sheet = try mina.sheet("event")
        try jun.edit("event/m:2", .set(statement: "title", value: [.text("Juns")]))
        try mina.edit("event/m:2", .set(statement: "title", value: [.text("Minas")]))
        try mina.pull(from: jun)
        let title = try wanted(try mina.view("event/m:2").row?.values["title"]?.text)
        let other = title == "Juns" ? "Minas" : "Juns"
        func fields(_ typed: String, resolves: Bool) throws -> [String] {
            // One conflict, and the targets beside it.
            let edited = sheet.replacing("A visit", with: typed).replacing(
                ",JPN,", with: ",JPN;USA,")
            let fork = try folder.copy("\(typed)-\(resolves)", of: mina)
            let report = try fork.bringing(back: edited) { $0.resolves = resolves }
            #expect(report.changed == 1)
            return report.samples.flatMap(\.fields).map {
                "\($0.name) \($0.before.plain)>\($0.after.plain) \($0.outcome)"
            }
        }
        let targets = "targets >USA edit"
        #expect(try fields("New", resolves: false) == ["title \(title)>New left", targets])
        #expect(try fields("New", resolves: true) == ["title \(title)>New settle", targets])
        // A side of the conflict, the one that stands there and the other.
        #expect(try fields(title, resolves: false) == [targets])
        #expect(try fields(title, resolves: true) == ["title \(title)>\(title) settle", targets])
        #expect(try fields(other, resolves: false) == ["title \(title)>\(other) same", targets])
    }

    @Test("a text that looks as if it named a record is one where no such record is")
    func looksLikeARecord() throws {
        let sheet = try mina.sheet("event")
        func new(_ title: String) throws -> String {
            try row(
                sheet, ["date": "2024-01-02", "type": "visit", "title": title, "source": "m"])
        }
        let texts = try new("event/visit") + new("event/m:1 again") + new("event/m:7")
        #expect(try mina.bringing(back: sheet + texts).brief == "3 new, 2 unchanged")
        let refused = try mina.bringing(back: sheet + new("event/m:1"), skipBad: true)
        #expect(refused.brief == "2 unchanged, 1 refused")
    }

    @Test("an id that is typed and that nobody may have given is told")
    func strangeIDs() throws {
        let sheet = try mina.sheet("event")
        let texts = try ["TOTAL", "m:3", ""].map { id in
            try row(
                sheet,
                ["id": id, "date": "2024-01-02", "type": "visit", "title": "t\(id)", "source": "m"])
        }
        let report = try mina.bringing(back: sheet + texts.joined())
        #expect(report.brief == "3 new, 2 unchanged")
        #expect(
            report.remarks == [
                "ids that are no SOURCE:ID and no UUID, taken as they are: \"TOTAL\" 1"
            ])
    }
}
