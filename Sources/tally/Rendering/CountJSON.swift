import TallyWire

extension JSONValue {
    /// How often each stands, by name.
    static func counts(_ counts: [String: Int]) -> JSONValue {
        .object(counts.sorted { $0.key < $1.key }.map { .init($0.key, .number(Double($0.value))) })
    }
}

extension JSONValue.Member {
    static func number(_ name: String, _ count: Int) -> Self { .init(name, .number(Double(count))) }
}
