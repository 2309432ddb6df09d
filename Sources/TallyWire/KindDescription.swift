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
    ///  "indexes": [["partner", "period"], …],
    ///  "rules": [{"not_before": ["end_date", "date"]}, {"together": ["latitude", "longitude"]}, …],
    ///  "derived_key": {"prefix": "source", "digest": ["date", "type", "title"]}}
    /// ```
    public convenience init(description: [UInt8]) throws(KindFault) {
        let json: JSONValue
        do throws(JSONFault) {
            json = try JSONValue(parsing: description)
        } catch { throw KindFault(reason: "not JSON: \(error.reason) at byte \(error.offset)") }
        guard let name = json["kind"]?.string, Kind.isName(name) else {
            throw KindFault(reason: "no kind of the form [a-z][a-z0-9_]*")
        }
        let key = try Self.fields(json["key"], of: name)
        let fields = try Self.fields(json["fields"], of: name)
        let names = Set((key + fields).map(\.name))
        guard names.count == key.count + fields.count else {
            throw KindFault(reason: "\(name): a field stands twice")
        }
        guard !key.isEmpty, key.allSatisfy({ $0.type != .number && $0.type != .set }) else {
            throw KindFault(reason: "\(name): no key, or a key field that is a number or a set")
        }
        var statements: [Statement] = []
        for statement in json["statements"]?.array ?? [] {
            statements.append(try Self.statement(statement, fields: fields, of: name))
        }
        let members = statements.flatMap(\.fields)
        guard Set(members).count == members.count else {
            throw KindFault(reason: "\(name): a field is in two statements, or twice in one")
        }
        let indexes = (json["indexes"]?.array ?? []).map { ($0.array ?? []).compactMap(\.string) }
        guard indexes.joined().allSatisfy(names.contains) else {
            throw KindFault(reason: "\(name): an index names no field")
        }
        var rules: [Rule] = []
        for rule in json["rules"]?.array ?? [] {
            rules.append(try Self.rule(rule, names: names, of: name))
        }
        self.init(
            name: name, key: key, fields: fields, statements: statements, indexes: indexes,
            rules: rules,
            derivedKey: try Self.derivedKey(json["derived_key"], names: names, of: name))
    }

    private static func fields(_ json: JSONValue?, of kind: String) throws(KindFault) -> [Field] {
        var fields: [Field] = []
        for field in json?.array ?? [] {
            guard let name = field["name"]?.string, Kind.isName(name),
                let type = field["type"]?.string.flatMap(FieldType.init(rawValue:))
            else { throw KindFault(reason: "\(kind): a field without name or type") }
            var range: ClosedRange<Double>?
            if let minimum = field["minimum"]?.number, let maximum = field["maximum"]?.number {
                guard minimum <= maximum else {
                    throw KindFault(reason: "\(kind): the range of \(name) is empty")
                }
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
        guard vintage != nil || json["vintage"] == nil && policy != .vintage else {
            throw KindFault(reason: "\(kind): a vintage that is no field of its statement")
        }
        return Statement(fields: names, policy: policy, vintage: vintage)
    }

    private static func rule(
        _ json: JSONValue, names: Set<String>, of kind: String
    ) throws(KindFault) -> Rule {
        let rule = json.object?.first
        let fields = (rule?.value.array ?? []).compactMap(\.string)
        guard fields.count >= 2, fields.allSatisfy(names.contains) else {
            throw KindFault(reason: "\(kind): a rule names no two fields")
        }
        switch rule?.name {
        case "not_before": return .notBefore(field: fields[0], other: fields[1])
        case "together": return .together(fields)
        default: throw KindFault(reason: "\(kind): an unknown rule")
        }
    }

    private static func derivedKey(
        _ json: JSONValue?, names: Set<String>, of kind: String
    ) throws(KindFault) -> DerivedKey? {
        guard let json else { return nil }
        let digest = (json["digest"]?.array ?? []).compactMap(\.string)
        guard let prefix = json["prefix"]?.string, !digest.isEmpty,
            names.isSuperset(of: digest + [prefix])
        else { throw KindFault(reason: "\(kind): a derived key names no fields") }
        return DerivedKey(prefix: prefix, digest: digest)
    }
}
