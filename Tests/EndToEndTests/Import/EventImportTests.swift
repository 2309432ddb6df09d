import Foundation
import Testing

/// Events that several people import, and events of other publishers.
@Suite struct EventImportTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("two people who import one table of events and then sync have one set of events")
    func twice() throws {
        let (mina, jun) = try Office.pair()
        try mina.office.startHub()
        try mina.logIn(as: "admin")
        try mina.must("publish", mina.office.hubURL + "/korea")
        try jun.logIn(as: "writer")
        try jun.must("clone", mina.office.hubURL + "/korea", "korea.tally")

        let table = "\(Self.root.path)/Examples/korea-2023/events.csv"
        for analyst in [mina, jun] {
            let said = try analyst.must("import", table)
            #expect(said.output == "Imported events.csv: 18 new\n")
        }
        try mina.must("sync")
        let merged = try jun.must("sync", "--json").json
        #expect(merged["new_conflicts"] as? Int == 0)
        #expect(merged["open_conflicts"] as? Int == 0)
        try mina.must("sync")

        let events = try mina.export()
        #expect(events.split(separator: "\n").count == 18)
        #expect(try jun.export() == events)
        for analyst in [mina, jun] {
            #expect(try analyst.conflicts().isEmpty)
            #expect(
                try analyst.must("import", table).output
                    == "Imported events.csv: 18 unchanged\n")
        }
    }

    @Test("JSON lines of a dataset make the same dataset elsewhere")
    func lines() throws {
        let (mina, jun) = try Office.pair()
        for name in ["events", "trade", "trade-annual"] {
            try mina.must("import", "\(Self.root.path)/Examples/korea-2023/\(name).csv")
        }
        try mina.must("add", "setting", "name=policy.trade.note", "value=newest")
        try mina.must("export", "-o", "all.jsonl")
        try mina.must("export", "--kind", "setting", "--format", "jsonl", "-o", "settings.jsonl")
        try jun.must("init", "korea.tally")
        let said = try jun.must("import", "\(mina.folder)/all.jsonl").output
        #expect(said.hasPrefix("Imported all.jsonl (jsonl): "))
        #expect(try jun.export() == mina.export())
        let settings = try mina.must("export", "--kind", "setting", "--format", "jsonl").output
        try jun.must("import", "\(mina.folder)/settings.jsonl")
        #expect(try jun.must("export", "--kind", "setting", "--format", "jsonl").output == settings)
    }
}
