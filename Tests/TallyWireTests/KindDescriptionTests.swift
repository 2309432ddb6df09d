import TallyCore
import TallyWire
import Testing

private func reason(_ description: String) -> String? {
    do throws(KindFault) {
        _ = try Kind(description: Array(description.utf8))
        return nil
    } catch { return error.reason }
}

/// A description of one key field and three fields, and what else is given.
private func description(_ more: String = "", fields: String = "") -> String {
    #"{"kind":"figure","key":[{"name":"id","type":"identifier"}],"fields":["#
        + #"{"name":"value","type":"number"},{"name":"unit","type":"code"},"#
        + #"{"name":"tags","type":"set"}\#(fields)]\#(more)}"#
}

struct KindDescriptionTests {
    @Test("the kinds of Schema/ are read")
    func shipped() throws {
        let trade = try Samples.kind("trade")
        #expect(trade.name == "trade")
        #expect(
            trade.key.map(\.name) == ["reporter", "partner", "flow", "product", "period", "source"])
        #expect(trade.statement(of: "status")?.fields == Samples.tradeFields)
        #expect(trade.statement(of: "status")?.vintage == 4)
        #expect(trade.field("unit")?.standard == .text("USD"))
        #expect(trade.field("unit")?.codes == "currency")
        #expect(trade.setFields.map(\.name) == ["tags", "citations"])
        let event = try Samples.kind("event")
        #expect(event.key.map(\.name) == ["id"])
        #expect(event.statement(of: "longitude")?.fields == ["latitude", "longitude"])
        #expect(event.field("latitude")?.range == -90...90)
        #expect(event.field("title")?.label == "one line")
        #expect(event.indexes == [["date"]])
        #expect(try Samples.kind("setting").fields.map(\.name) == ["value"])
    }

    @Test("members that mean nothing to this version are passed over")
    func unknownMembers() throws {
        let text = description(#","novelty":[1]"#, fields: #",{"name":"a","type":"text","x":1}"#)
        let kind = try Kind(description: Array(text.utf8))
        #expect(kind.fields.map(\.name) == ["value", "unit", "tags", "a"])
        #expect(kind.statements.map(\.fields) == [["value"], ["unit"], ["a"]])
    }

    @Test(
        "a description that cannot be used says why",
        arguments: [
            ("", "not JSON: expected a value at byte 0"),
            ("[]", "no kind of the form [a-z][a-z0-9_]*"),
            (#"{"kind":"a","kind":"b"}"#, #"not JSON: the member "kind" stands twice at byte 18"#),
            (#"{"kind":1}"#, "no kind of the form [a-z][a-z0-9_]*"),
            (#"{"kind":"Trade"}"#, "no kind of the form [a-z][a-z0-9_]*"),
            (#"{"kind":"a b"}"#, "no kind of the form [a-z][a-z0-9_]*"),
            (#"{"kind":"a"}"#, "a: no key, or a key field that is a number or a set"),
            (
                #"{"kind":"a","key":[{"name":"n","type":"number"}]}"#,
                "a: no key, or a key field that is a number or a set"
            ),
            (
                #"{"kind":"a","key":[{"name":"n","type":"set"}]}"#,
                "a: no key, or a key field that is a number or a set"
            ),
            (#"{"kind":"a","key":[{"name":"n"}]}"#, "a: a field without name or type"),
            (#"{"kind":"a","key":["n"]}"#, "a: a field without name or type"),
            (#"{"kind":"a","key":[{"type":"text"}]}"#, "a: a field without name or type"),
            (
                #"{"kind":"a","key":[{"name":"n","type":"novel"}]}"#,
                "a: a field without name or type"
            ),
            (
                description(fields: #",{"name":"drop table","type":"text"}"#),
                "figure: a field without name or type"
            ),
            (description(fields: #",{"name":"id","type":"text"}"#), "figure: a field stands twice"),
            (
                description(fields: #",{"name":"unit","type":"text"}"#),
                "figure: a field stands twice"
            ),
            (
                description(fields: #",{"name":"a","type":"number","minimum":1,"maximum":0}"#),
                "figure: the range of a is empty"
            ),
            (
                description(#","statements":[{"fields":[]}]"#),
                "figure: a statement of no fields or an unknown policy"
            ),
            (
                description(#","statements":[{"fields":["id"]}]"#),
                "figure: a statement of no fields or an unknown policy"
            ),
            (
                description(#","statements":[{"fields":["tags"]}]"#),
                "figure: a statement of no fields or an unknown policy"
            ),
            (
                description(#","statements":[{"fields":["value"],"policy":"best"}]"#),
                "figure: a statement of no fields or an unknown policy"
            ),
            (
                description(#","statements":[{"fields":["value","unit"]},{"fields":["unit"]}]"#),
                "figure: a field is in two statements, or twice in one"
            ),
            (
                description(#","statements":[{"fields":["value","value"]}]"#),
                "figure: a field is in two statements, or twice in one"
            ),
            (
                description(#","statements":[{"fields":["value"],"vintage":"unit"}]"#),
                "figure: a vintage that is no field of its statement"
            ),
            (
                description(#","statements":[{"fields":["value"],"policy":"vintage"}]"#),
                "figure: a vintage that is no field of its statement"
            ),
            (description(#","indexes":[["none"]]"#), "figure: an index names no field"),
        ])
    func faults(text: String, expected: String) {
        #expect(reason(text) == expected)
    }
}
