/// The kinds that a copy knows.
public struct KindCatalog: Sendable {
    private let kinds: [String: Kind]

    public init(_ kinds: [Kind]) {
        self.kinds = Dictionary(uniqueKeysWithValues: kinds.map { ($0.name, $0) })
    }

    public subscript(name: String) -> Kind? { kinds[name] }

    /// All kinds, sorted by name.
    public var all: [Kind] { kinds.values.sorted { $0.name.precedesInBytes($1.name) } }

    /// What to say to somebody who has named a kind that is none: the one that may be meant, and all.
    public func hint(for name: String) -> String {
        let names = all.map(\.name)
        return Suggestion.hint(
            for: name, among: names, all: "The kinds are \(names.joined(separator: ", ")).")
    }

    /// The statement of that name, or the field of that name as a statement of its own where it is not known.
    public func statement(_ name: String, ofKind kind: String) -> Kind.Statement {
        kinds[kind]?.statement(of: name) ?? Kind.Statement(fields: [name])
    }
}
