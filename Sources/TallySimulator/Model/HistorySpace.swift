import TallyCore

/// What random histories are about: a few records, and a few values for each of their statements.
///
/// Small, so that copies often meet on the same thing.
public struct HistorySpace: Sendable {
    public let kinds: KindCatalog
    public let scenes: [Scene]

    /// What may happen to the records of one kind.
    public struct Scene: Sendable {
        public let kind: String
        public let keys: [RecordKey]
        public let statements: [Choice]
        /// Elements of set fields.
        public let elements: [Element]

        public init(kind: String, keys: [RecordKey], statements: [Choice], elements: [Element]) {
            self.kind = kind
            self.keys = keys
            self.statements = statements
            self.elements = elements
        }
    }

    /// The fields of a whole statement, and the values it takes.
    public struct Choice: Sendable {
        public let fields: [String]
        public let values: [[Value]]

        public init(fields: [String], values: [[Value]]) {
            self.fields = fields
            self.values = values
        }
    }

    public init(kinds: KindCatalog, scenes: [Scene]) {
        self.kinds = kinds
        self.scenes = scenes
    }

    public func scene(of kind: String) -> Scene? { scenes.first { $0.kind == kind } }

    /// What the statement of that name may be set to.
    public func choice(of statement: String, ofKind kind: String) -> Choice? {
        scene(of: kind)?.statements.first { $0.fields[0] == statement }
    }
}

extension HistorySpace {
    /// A kind with a statement of every sort, a field that it does not have, and a kind that nobody knows.
    public static let figures = HistorySpace(
        kinds: KindCatalog([figure]),
        scenes: [
            Scene(
                kind: "figure", keys: ["1", "2", "é"].map { RecordKey([$0]) },
                statements: [
                    Choice(
                        fields: ["value", "unit", "released"],
                        values: [
                            [.number(1), .text("USD"), .text("2024-01")],
                            [.number(1), .text("USD"), .null],
                            [.number(2), .text("USD"), .text("2024")],
                            [.number(2), .text("EUR"), .text("2023-12-31")],
                            [.null, .null, .null],
                        ]),
                    Choice(
                        fields: ["note"],
                        values: [.null, .text("é"), .text("e\u{301}"), .text("x")].map { [$0] }),
                    Choice(
                        fields: ["amount"],
                        values: [.null, .number(0), .number(-0.0), .number(7.5)].map { [$0] }),
                    Choice(
                        fields: ["day"],
                        values: [.null, .text("2023"), .text("2023-09"), .text("2024-01-31")]
                            .map { [$0] }),
                    Choice(
                        fields: ["novelty"],
                        values: [.null, .opaque("true"), .number(3)].map { [$0] }),
                ],
                elements: [
                    Element(field: "tags", text: "a"), Element(field: "tags", text: "b"),
                    Element(field: "links", text: "a"),
                ]),
            Scene(
                kind: "unheard", keys: [RecordKey(["x/y", "1"])],
                statements: [
                    Choice(fields: ["of"], values: [[.text("p")], [.text("q")], [.null]])
                ],
                elements: [Element(field: "kin", text: "a")]),
        ])

    private static let figure = Kind(
        name: "figure", key: [Kind.Field(name: "id", type: .identifier)],
        fields: [
            Kind.Field(name: "value", type: .number), Kind.Field(name: "unit", type: .code),
            Kind.Field(name: "released", type: .date), Kind.Field(name: "note", type: .text),
            Kind.Field(name: "amount", type: .number), Kind.Field(name: "day", type: .date),
            Kind.Field(name: "tags", type: .set), Kind.Field(name: "links", type: .set),
        ],
        statements: [Kind.Statement(fields: ["value", "unit", "released"], vintage: 2)])
}
