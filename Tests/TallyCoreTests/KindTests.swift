import TallyCore
import Testing

/// A kind with a declared statement, single fields and a set field.
private let figure = Kind(
    name: "figure",
    key: [Kind.Field(name: "id", type: .identifier), Kind.Field(name: "year", type: .date)],
    fields: [
        Kind.Field(name: "note", type: .text), Kind.Field(name: "value", type: .number),
        Kind.Field(name: "tags", type: .set), Kind.Field(name: "unit", type: .code),
        Kind.Field(name: "released", type: .date), Kind.Field(name: "place", type: .area),
    ],
    statements: [
        Kind.Statement(fields: ["value", "unit", "released"], policy: .vintage, vintage: 2)
    ])

struct KindTests {
    @Test("every field that is no set is in one statement, in the order of the columns")
    func statements() {
        let fields = [["note"], ["value", "unit", "released"], ["place"]]
        #expect(figure.statements.map(\.fields) == fields)
        #expect(figure.statement(of: "unit")?.name == "value")
        #expect(figure.statement(of: "note")?.policy == .manual)
        #expect(figure.statement(of: "released")?.policy == .vintage)
        #expect(figure.statement(of: "tags") == nil)
        #expect(figure.statement(of: "id") == nil)
        #expect(figure.statement(of: "nothing") == nil)
        #expect(figure.setFields.map(\.name) == ["tags"])
    }

    @Test("a kind knows its fields by name, key fields among them")
    func fields() {
        #expect(figure.field("id")?.type == .identifier)
        #expect(figure.field("tags")?.type == .set)
        #expect(figure.field("nothing") == nil)
        #expect(figure.isKeyField("year"))
        #expect(!figure.isKeyField("note"))
    }

    @Test("a statement that no kind declares is one field, with the policy manual")
    func unknown() {
        let kinds = KindCatalog([figure])
        #expect(kinds["figure"]?.name == "figure")
        #expect(kinds["other"] == nil)
        #expect(kinds.statement("novelty", ofKind: "figure").fields == ["novelty"])
        #expect(kinds.statement("value", ofKind: "other").fields == ["value"])
        #expect(kinds.statement("value", ofKind: "other").policy == .manual)
        #expect(kinds.statement("value", ofKind: "figure").fields.count == 3)
        #expect(kinds.all.map(\.name) == ["figure"])
    }

    @Test("a policy that the team has agreed on goes before the kind's own")
    func policies() throws {
        let statement = try #require(figure.statement(of: "value"))
        var policies = PolicyTable()
        #expect(policies.policy(of: statement, kind: "figure") == .vintage)
        policies["figure", "value"] = .max
        #expect(policies["figure", "value"] == .max)
        #expect(policies["figure", "note"] == nil)
        #expect(policies["other", "value"] == nil)
        #expect(policies.policy(of: statement, kind: "figure") == .max)
        #expect(policies.policy(of: statement, kind: "other") == .vintage)
        policies["figure", "value"] = nil
        #expect(policies.policy(of: statement, kind: "figure") == .vintage)
    }
}

struct StatementLayoutTests {
    @Test("the fields of an edit are sorted into whole statements, whatever their order")
    func whole() throws {
        let layout = try StatementLayout(
            fields: ["released", "place", "value", "unit"], of: figure)
        #expect(layout.parts.map(\.statement) == ["value", "place"])
        let row: [Value] = [.text("2024"), .text("KOR"), .number(1), .text("USD")]
        #expect(layout.parts[0].value(of: row) == [.number(1), .text("USD"), .text("2024")])
        #expect(layout.parts[1].value(of: row) == [.text("KOR")])
        let slice = ([.null] + row)[1...]
        #expect(layout.parts[1].value(of: slice) == [.text("KOR")], "a slice has its own start")
    }

    @Test("no fields make no statements: the edit only creates")
    func none() throws {
        #expect(try StatementLayout(fields: [], of: figure).parts.isEmpty)
    }

    @Test("a field that is not known is a statement of its own, as all are of such a kind")
    func unknown() throws {
        let layout = try StatementLayout(fields: ["novelty", "note"], of: figure)
        #expect(layout.parts.map(\.statement) == ["novelty", "note"])
        let other = try StatementLayout(fields: ["unit", "value"], of: nil)
        #expect(other.parts.map(\.statement) == ["unit", "value"])
        #expect(other.parts.map(\.positions) == [[0], [1]])
    }

    @Test("part of a statement, a key field, a set field and a field twice are refused")
    func refused() {
        let table: [([String], StatementLayout.Fault)] = [
            (["value", "unit"], .partOfStatement(field: "value", missing: "released")),
            (["note", "unit"], .partOfStatement(field: "unit", missing: "value")),
            (["note", "year"], .keyField("year")),
            (["tags"], .setField("tags")),
            (["note", "note"], .repeated(field: "note")),
            (["value", "unit", "released", "unit"], .repeated(field: "unit")),
        ]
        for (fields, fault) in table {
            #expect(throws: fault, "\(fields)") { try StatementLayout(fields: fields, of: figure) }
        }
    }

    @Test("the words of operations are those of the wire")
    func words() {
        let operations: [Edit.Operation] = [
            .set(fields: []), .add(field: "tags"), .remove(field: "tags"), .delete, .restore,
            .reopen(fields: ["note"]),
        ]
        #expect(
            operations.map(\.name) == ["set", "add", "remove", "delete", "restore", "reopen"])
    }
}
