import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// What a newer version wrote: fields and kinds that this one does not know (DESIGN.md section 3).
struct UnknownFieldTests {
    /// Trade with a field and a set more, and a kind more.
    static let newer: KindCatalog = {
        let shipped = KindCatalog.shipped
        guard let trade = shipped["trade"] else { return shipped }
        let wider = Kind(
            name: "trade", key: trade.key,
            fields: trade.fields + [
                Kind.Field(name: "carbon_kg", type: .number), Kind.Field(name: "kin", type: .set),
            ], statements: trade.statements)
        let tariff = Kind(
            name: "tariff", key: [Kind.Field(name: "id", type: .identifier)],
            fields: [Kind.Field(name: "rate", type: .number)])
        return KindCatalog(shipped.all.filter { $0.name != "trade" } + [wider, tariff])
    }()

    static func carbon(_ number: Double) -> RecordEdit {
        .set(statement: "carbon_kg", value: [.number(number)])
    }

    private func export(_ dataset: Dataset) throws -> String {
        var text = ""
        try dataset.read { access in
            for kind in RecordExport.kinds(of: access.kinds) {
                try RecordExport.jsonLines(kind, from: access) { text += $0 }
            }
            try RecordExport.unknownKinds(from: access) { text += $0 }
        }
        return text
    }

    @Test("fields and kinds that a copy does not know are kept, exported and handed on")
    func handedOn() throws {
        let folder = try TestFolder()
        let new = try folder.copy("new", kinds: Self.newer)
        try new.edit(korea, .note("a"), Self.carbon(0.5), .add("kin", "x"))
        try new.edit("tariff/1", .set(statement: "rate", value: [.number(8)]))
        let old = try folder.copy("old", of: new)
        try old.edit(korea, .note("b"))
        let third = try folder.copy("third", of: old, kinds: Self.newer)

        #expect(try third.dataset.lines() == old.dataset.lines())
        #expect(
            try third.sql("SELECT note, carbon_kg, kin FROM trade")
                == [[.text("b"), .real(0.5), .text(#"["x"]"#)]])
        #expect(
            try export(old.dataset) == """
                {"kind":"trade","reporter":"KOR","partner":"CHN","flow":"X","product":"TOTAL",\
                "period":"2023","source":"motie","note":"b","carbon_kg":0.5,"kin":["x"]}
                {"kind":"tariff","key":["1"],"rate":8}

                """)
        for copy in [new, old, third] {
            #expect(try copy.verification(in: folder).faults == [])
        }
    }

    @Test("a conflict about an unknown field is listed, and its latest side is exported")
    func conflict() throws {
        let folder = try TestFolder()
        let new = try folder.copy("new", kinds: Self.newer)
        try new.edit(korea, .note("a"))
        let copies = try (0..<6).map { index in
            let clock = TestClock("2026-11-23T1\(index):00:00.000Z")
            return try folder.copy("new\(index)", of: new, kinds: Self.newer, clock: clock)
        }
        for (index, copy) in copies.enumerated() {
            try copy.edit(korea, Self.carbon(Double(index)))
        }
        let old = try folder.copy("old", of: new)
        for copy in copies { try old.pull(from: copy) }

        let conflicts = try old.dataset.read { try $0.conflicts() }
        #expect(conflicts.map(\.statement) == ["carbon_kg"])
        #expect(conflicts.first?.sides.count == 6)
        #expect(try export(old.dataset).contains(#""carbon_kg":5}"#))
    }

    @Test("a deleted record of a kind that is not known is not exported, and back again is")
    func deletedUnknown() throws {
        let folder = try TestFolder()
        let new = try folder.copy("new", kinds: Self.newer)
        try new.edit("tariff/1", .set(statement: "rate", value: [.number(8)]))
        try new.edit("tariff/1", .delete)
        let old = try folder.copy("old", of: new)
        #expect(try export(old.dataset).isEmpty)
        try old.edit("tariff/1", .restore)
        #expect(try export(old.dataset) == "{\"kind\":\"tariff\",\"key\":[\"1\"],\"rate\":8}\n")
        #expect(try old.view("tariff/1").isVisible)
        #expect(try old.verification(in: folder).faults == [])
    }
}
