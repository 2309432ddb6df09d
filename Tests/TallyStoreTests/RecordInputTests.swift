import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// Fields given for a record, made into whole statements.
struct RecordInputTests {
    private func input(_ kind: String, _ values: [String: Value]) throws -> RecordInput {
        var input = RecordInput(kind: try #require(KindCatalog.shipped[kind]))
        for (field, value) in values { input.values[field] = value }
        return input
    }

    @Test(
        "a new figure is in dollars unless it says otherwise; nothing is made up where it is null")
    func standard() throws {
        func figure(_ values: [String: Value]) throws -> [Value]? {
            try input("trade", values).statements(beside: [:]).first?.value
        }
        #expect(try figure(["value": .number(1)]) == [.number(1), .text("USD")] + nulls(4))
        #expect(
            try figure(["value": .number(1), "unit": .text("KRW")])
                == [.number(1), .text("KRW")] + nulls(4))
        #expect(
            try figure(["value": .number(1), "unit": .null]) == [.number(1), .null] + nulls(4))
        #expect(try figure(["value": .null]) == nulls(6))
        #expect(try figure(["note": .text("a")]) == [.text("a")])
    }

    private func nulls(_ count: Int) -> [Value] { Array(repeating: .null, count: count) }

    @Test("a figure that is changed without giving its vintage has none")
    func vintage() throws {
        let current: [String: Value] = [
            "value": .number(1), "unit": .text("KRW"), "status": .text("P"),
            "released": .text("2024-01"),
        ]
        func released(_ values: [String: Value]) throws -> Value? {
            try input("trade", values).statements(beside: current).first?.value[4]
        }
        #expect(try released(["value": .number(2)]) == .null)
        #expect(try released(["value": .number(1)]) == .text("2024-01"))
        #expect(try released(["status": .text("A")]) == .text("2024-01"))
        #expect(
            try released(["value": .number(2), "released": .text("2024-03")]) == .text("2024-03"))
        let whole = try input("trade", ["value": .number(2)]).statements(beside: current)
        #expect(whole.map(\.statement.name) == ["value"])
        #expect(
            whole[0].value == [.number(2), .text("KRW"), .null, .text("P"), .null, .null])
    }

    @Test("latitude alone, and an end before the start, are refused")
    func rules() throws {
        func fault(_ values: [String: Value], beside: [String: Value] = [:]) throws -> InputFault? {
            let input = try input("event", values)
            do throws(InputFault) {
                let address = RecordAddress(kind: "event", key: RecordKey(["a"]))
                try input.check(of: address, beside: beside, in: .shipped)
                return nil
            } catch { return error }
        }
        #expect(
            try fault(["latitude": .number(37)])
                == InputFault(
                    field: "latitude", "latitude stands alone",
                    hint: "Give latitude and longitude together."))
        #expect(try fault(["latitude": .number(37), "longitude": .number(0)]) == nil)
        #expect(try fault(["latitude": .number(37)], beside: ["longitude": .number(1)]) == nil)
        #expect(
            try fault(["longitude": .null], beside: ["latitude": .number(1)])?.field == "latitude")

        func dates(_ date: String, _ end: String) throws -> String? {
            try fault(["date": .text(date), "end_date": .text(end)])?.message
        }
        #expect(
            try dates("2023-09-23", "2023-09-22")
                == "end_date 2023-09-22 is before date 2023-09-23")
        #expect(try dates("2023-09-23", "2023-08") == "end_date 2023-08 is before date 2023-09-23")
        #expect(try dates("2023-09", "2023-08-31") == "end_date 2023-08-31 is before date 2023-09")
        for (date, end) in [
            ("2023-09-23", "2023-09-23"), ("2023-09-23", "2023-09"), ("2023-09-23", "2023"),
            ("2023", "2023-01-01"), ("2023-09", "2024"),
        ] { #expect(try dates(date, end) == nil, "\(date) to \(end)") }
        #expect(
            try fault(["end_date": .text("2022")], beside: ["date": .text("2023")]) != nil)
    }

    @Test("a new record says only what was given; one added again over a deleted one says all")
    func edits() throws {
        var new = try input("event", ["title": .text("t"), "note": .null])
        new.added = [Element(field: "tags", text: "a")]
        #expect(
            new.editsOfNew == [.set(statement: "title", value: [.text("t")]), .add("tags", "a")])
        #expect(try input("event", [:]).editsOfNew == [.create])
        var deleted = RecordState()
        let author = Coverage(
            of: Revision(try #require(ReplicaID("aaaaaaaaaaaaaaaa")), 1), seen: RevisionVector())
        for edit: RecordEdit in [
            .add("tags", "a"), .add("actors", "KOR"), .remove("actors", "CHN"),
            .set(statement: "later_field", value: [.number(1)]),
        ] {
            deleted.apply(edit, by: author)
        }
        let again = new.editsOverDeleted(deleted)
        #expect(again.first == .restore && again.last == .add("tags", "a"))
        let kind = try #require(KindCatalog.shipped["event"])
        // Every statement, the element that is not given, and the field that is not known, beside the two ends.
        #expect(again.count == kind.statements.count + 4)
        #expect(again.contains(.remove("actors", "KOR")))
        #expect(again.contains(.set(statement: "later_field", value: [.null])))
        #expect(again.contains(.set(statement: "date", value: [.null, .null])))
        #expect(again.contains(.set(statement: "title", value: [.text("t")])))
    }

    @Test("elements of a set are compared by bytes: two spellings of one text are two")
    func spellings() throws {
        let (composed, decomposed) = ("S\u{e9}oul", "Se\u{301}oul")
        let event = try #require(KindCatalog.shipped["event"])
        var whole = RecordInput(kind: event)
        whole.change("tags", from: [decomposed, "b"], to: ["c", composed, "c", "b"])
        #expect(whole.added.map { Array($0.text.utf8) } == [composed, "c"].map { Array($0.utf8) })
        #expect(whole.removed.map { Array($0.text.utf8) } == [Array(decomposed.utf8)])

        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit("event/a", .add("tags", decomposed))
        let address = RecordAddress(kind: "event", key: RecordKey(["a"]))
        let view = try mina.dataset.read { try $0.view(address) }
        var one = RecordInput(kind: event)
        one.added = [Element(field: "tags", text: composed)]
        let change = try RecordChange(one, to: view, in: .shipped)
        #expect(change.edits == [.add("tags", composed)])
        #expect(change.fields.map(\.name) == ["tags"])
        let both = try RecordChange(whole, to: view, in: .shipped)
        #expect(both.edits.count == 3)
    }
}
