import TallyCore

/// The setting `policy.KIND.STATEMENT` that a person or a file gives.
///
/// Of a kind that is not known nothing is judged: a newer version may know it, and its policies.
public enum PolicyInput {
    /// - Parameter name: of the setting.
    /// - Throws: `InputFault` for a policy that there is not, or that the statement cannot have, and for a statement of a
    ///   known kind that there is not; for nothing that is no policy.
    public static func check(
        _ value: Value, of name: String, in kinds: KindCatalog
    ) throws(InputFault) {
        guard name.hasPrefix(PolicySettings.prefix), let text = value.text else { return }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let kind = kinds[parts[1]] else { return }
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
