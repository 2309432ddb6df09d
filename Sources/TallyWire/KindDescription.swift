import TallyCore

/// Why a kind description cannot be used.
public struct KindFault: Error, Equatable, Sendable {
    public let reason: String
}

extension Kind {
    /// Reads a description as it stands in `Schema/kinds`.
    ///
    /// ```
    /// {"kind": "trade", "label": "…",
    ///  "key": [{"name": "reporter", "type": "area", "codes": "area", "label": "…"}, …],
    ///  "fields": [{"name": "value", "type": "number"}, {"name": "unit", "type": "code", "default": "USD"}, …],
    ///  "statements": [{"fields": ["value", "unit", …], "policy": "manual", "vintage": "released"}, …],
    ///  "indexes": [["partner", "period"], …]}
    /// ```
    public init(description: [UInt8]) throws(KindFault) {
        let json: JSONValue
        do throws(JSONFault) {
            json = try JSONValue(parsing: description)
        } catch { throw KindFault(reason: "not JSON: \(error.reason) at byte \(error.offset)") }
        guard let name = json["kind"]?.string else { throw KindFault(reason: "no kind") }
        let key = try Self.fields(json["key"], of: name)
        let fields = try Self.fields(json["fields"], of: name)
        let names = Set((key + fields).map(\.name))
        guard names.count == key.count + fields.count else {
            throw KindFault(reason: "\(name): a field stands twice")
        }
        var statements: [Statement] = []
        for statement in json["statements"]?.array ?? [] {
            statements.append(try Self.statement(statement, fields: fields, of: name))
        }
        let indexes = (json["indexes"]?.array ?? []).map { ($0.array ?? []).compactMap(\.string) }
        guard indexes.joined().allSatisfy(names.contains) else {
            throw KindFault(reason: "\(name): an index names no field")
        }
        self.init(
            name: name, key: key, fields: fields, statements: statements, indexes: indexes)
    }

    private static func fields(_ json: JSONValue?, of kind: String) throws(KindFault) -> [Field] {
        var fields: [Field] = []
        for field in json?.array ?? [] {
            guard let name = field["name"]?.string,
                let type = field["type"]?.string.flatMap(FieldType.init(rawValue:))
            else { throw KindFault(reason: "\(kind): a field without name or type") }
            var range: ClosedRange<Double>?
            if let minimum = field["minimum"]?.number, let maximum = field["maximum"]?.number {
                range = minimum...maximum
            }
            let standard: Value?
            switch field["default"] {
            case .string(let text): standard = .text(text)
            case .number(let number): standard = .number(number)
            default: standard = nil
            }
            fields.append(
                Field(
                    name: name, type: type, codes: field["codes"]?.string, standard: standard,
                    range: range, label: field["label"]?.string ?? ""))
        }
        return fields
    }

    private static func statement(
        _ json: JSONValue, fields: [Field], of kind: String
    ) throws(KindFault) -> Statement {
        let names = (json["fields"]?.array ?? []).compactMap(\.string)
        let policyName = json["policy"]?.string ?? Policy.manual.rawValue
        guard !names.isEmpty, let policy = Policy(rawValue: policyName),
            names.allSatisfy({ name in fields.contains { $0.name == name && $0.type != .set } })
        else { throw KindFault(reason: "\(kind): a statement of no fields or an unknown policy") }
        let vintage = json["vintage"]?.string.flatMap { names.firstIndex(of: $0) }
        return Statement(fields: names, policy: policy, vintage: vintage)
    }
}
