import TallyCore

/// The setting `policy.KIND.STATEMENT` that a person or a file gives.
///
/// Of a kind that is not known nothing is judged: a newer version may know it, and its policies.
public enum PolicyInput {
    /// - Parameter name: of the setting.
    /// - Throws: `InputFault` for a policy that there is not, or that the statement cannot have, and for a statement of a
    ///   known kind that there is not; for a name that is nearly that of a policy; for nothing else that is no policy.
    public static func check(
        _ value: Value, of name: String, in kinds: KindCatalog
    ) throws(InputFault) {
        guard let text = value.text else { return }
        try check(name: name)
        guard let kindName = kindName(in: name), let kind = kinds[kindName] else { return }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if kind.name == PolicySettings.kind {
            throw fault("Settings have no policy: people settle what the team agrees on")
        }
        let statement = try statement(parts.dropFirst(2).joined(separator: "."), of: kind)
        guard let policy = Policy(rawValue: text) else {
            let shown = text.count > 60 ? String(text.prefix(60)) + "…" : text
            throw fault(
                "There is no policy \(JSONString.quoted(shown))",
                hint: "The policies are \(Policy.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
        if policy == .vintage, statement.vintage == nil {
            throw fault("\(kind.name).\(statement.name) has no vintage")
        }
        if policy == .max || policy == .min, !isOrdered(statement, of: kind) {
            throw fault(
                "\(policy.rawValue) compares numbers and dates, and "
                    + "\(kind.name).\(statement.name) is neither",
                hint: "A text is settled by newest, by fill, or by people (manual).")
        }
    }

    /// What a person is told of a policy that is kept and settles nothing, since this version knows no such kind.
    public static func remark(on record: RecordAddress, in kinds: KindCatalog) -> String? {
        guard record.kind == PolicySettings.kind, let kindName = kindName(in: record.key.parts[0]),
            kinds[kindName] == nil
        else { return nil }
        let near = Suggestion.nearest(
            to: kindName, among: kinds.all.map(\.name).filter { $0 != PolicySettings.kind })
        let question = near.first.map { " (did you mean \($0)?)" } ?? ""
        return "no kind \(kindName) here\(question): it settles nothing in this copy"
    }

    /// - Returns: the part after `policy.`; nil where the setting is no policy.
    private static func kindName(in name: String) -> String? {
        guard name.hasPrefix(PolicySettings.prefix) else { return nil }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts[1].isEmpty ? nil : String(parts[1])
    }

    /// A name that looks like that of a policy to a person, and is none to any version.
    private static func check(name: String) throws(InputFault) {
        let word = String(PolicySettings.prefix.dropLast())
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts[0].lowercased() == word else { return }
        guard parts[0] == word, parts.count > 1, !parts[1].isEmpty else {
            throw InputFault(
                field: "name", "\(JSONString.quoted(name)) is no name of a policy",
                hint: "It is \(PolicySettings.prefix)KIND.FIELD, as in policy.trade.value.")
        }
    }

    /// Whether `max` and `min` can decide: they look at the first field (``Policy``).
    private static func isOrdered(_ statement: Kind.Statement, of kind: Kind) -> Bool {
        switch kind.field(statement.fields[0])?.type {
        case .number, .date, .period: return true
        default: return false
        }
    }

    /// The statement that holds a field; a policy is of that statement's own name (``PolicySettings/target(of:kinds:)``).
    private static func statement(
        _ field: String, of kind: Kind
    ) throws(InputFault) -> Kind.Statement {
        guard let statement = kind.statement(of: field) else {
            throw fault(
                "\(kind.name) has no field \(JSONString.quoted(field)) that can conflict",
                hint: Suggestion.question(for: field, among: kind.statements.flatMap(\.fields)))
        }
        guard statement.name == field else {
            throw fault(
                "\(field) of \(kind.name) goes with \(statement.name)",
                hint: "Name the setting \(PolicySettings.prefix)\(kind.name).\(statement.name).")
        }
        return statement
    }

    private static func fault(_ message: String, hint: String? = nil) -> InputFault {
        InputFault(field: "value", message, hint: hint)
    }
}
