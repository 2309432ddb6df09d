import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

struct RecordExportTests {
    private func copy(_ folder: TestFolder) throws -> Copy {
        let mina = try folder.copy("mina")
        try mina.edit(
            korea, .figure(124.8e9, status: "P"), .note("a \"b\", c\nd"), .add("tags", "z;1"),
            .add("tags", "b"))
        try mina.edit(
            "trade/CHN/KOR/M/H6:0401/2023-Q4/comtrade",
            .set(statement: "net_weight_kg", value: [.number(0.1)]))
        try mina.edit("event/x", .set(statement: "title", value: [.text("방문, =1+1")]))
        try mina.edit("event/gone", .create)
        try mina.edit("event/gone", .delete)
        try mina.edit("setting/dataset.name", .set(statement: "value", value: [.text("Korea")]))
        return mina
    }

    @Test("CSV has the fields as columns, records by key, and quotes only where they must be")
    func csv() throws {
        let folder = try TestFolder()
        let mina = try copy(folder)
        #expect(
            try mina.export("trade") == """
                reporter,partner,flow,product,period,source,value,unit,valuation,status,released,\
                confidentiality,quantity,quantity_unit,quantity_status,net_weight_kg,note,tags,\
                citations
                CHN,KOR,M,H6:0401,2023-Q4,comtrade,,,,,,,,,,0.1,,,
                KOR,CHN,X,TOTAL,2023,motie,124800000000,USD,,P,,,,,,,"a ""b"", c
                d",b;z\\;1,

                """)
        #expect(try mina.export("setting") == "name,value\ndataset.name,Korea\n")
    }

    @Test("JSON lines have the kind first, then the key, then what has a value")
    func jsonLines() throws {
        let folder = try TestFolder()
        let mina = try copy(folder)
        #expect(
            try mina.export("trade", as: "jsonl") == """
                {"kind":"trade","reporter":"CHN","partner":"KOR","flow":"M","product":"H6:0401",\
                "period":"2023-Q4","source":"comtrade","net_weight_kg":0.1}
                {"kind":"trade","reporter":"KOR","partner":"CHN","flow":"X","product":"TOTAL",\
                "period":"2023","source":"motie","value":124800000000,"unit":"USD","status":"P",\
                "note":"a \\"b\\", c\\nd","tags":["b","z;1"]}

                """)
        #expect(
            try mina.export("event", as: "jsonl")
                == "{\"kind\":\"event\",\"id\":\"x\",\"title\":\"방문, =1+1\"}\n")
    }

    @Test("a condition chooses the records, and settings come only when asked for")
    func choice() throws {
        let folder = try TestFolder()
        let mina = try copy(folder)
        let trade = try wanted(KindCatalog.shipped["trade"])
        var text = ""
        _ = try mina.dataset.read { access in
            try RecordExport.csv(trade, from: access, where: "value > 1 -- a comment") {
                text += $0
            }
        }
        #expect(text.split(separator: "\n").count == 3)
        #expect(text.contains("KOR,CHN"))
        #expect(RecordExport.kinds(of: .shipped).map(\.name) == ["event", "trade"])
    }

    @Test("export, import, export gives the same bytes", arguments: ["trade", "event", "setting"])
    func roundTrip(_ kind: String) throws {
        let folder = try TestFolder()
        let mina = try copy(folder)
        let text = try mina.export(kind)
        let jun = try folder.copy("jun")
        try jun.importing(text, kind: kind)
        #expect(try jun.export(kind) == text)
        #expect(try jun.export(kind, as: "jsonl") == mina.export(kind, as: "jsonl"))
        #expect(try jun.importing(text, kind: kind).unchanged == text.lines - 1)
        #expect(try mina.importing(text, kind: kind).unchanged == text.lines - 1)
    }

    @Test("the provisional winner stands for what is in conflict")
    func conflict() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina", clock: TestClock("2026-11-23T12:00:00.000Z"))
        let jun = try folder.copy("jun", of: mina, clock: TestClock("2026-11-23T11:00:00.000Z"))
        try mina.edit(korea, .note("later"))
        try jun.edit(korea, .note("earlier"))
        try mina.pull(from: jun)
        try jun.pull(from: mina)
        #expect(try mina.export("trade").contains("later"))
        #expect(try mina.export("trade") == jun.export("trade"))
    }
}

extension String {
    /// How many rows there are in a CSV whose cells hold at most one line end.
    fileprivate var lines: Int {
        split(separator: "\n").count { !$0.hasPrefix("d\"") }
    }
}
