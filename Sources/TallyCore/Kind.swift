/// A kind of record, as its description in `Schema/` gives it.
///
/// The engine reads the description and knows no field by name (DESIGN.md section 3).
public final class Kind: Sendable {
    public let name: String
    /// The key fields, in the order of the key.
    public let key: [Field]
    /// The other fields, in the order of the columns.
    public let fields: [Field]
    /// Every field that is no set, in statements of one or more; in the order of the columns.
    public let statements: [Statement]
    /// Groups of columns that questions search by.
    public let indexes: [[String]]
    /// What input must keep between fields.
    public let rules: [Rule]
    /// How the key of a record that comes without one is made.
    public let derivedKey: DerivedKey?

    private let fieldByName: [String: Field]
    private let positions: [String: Int]
    private let statementByField: [String: Int]

    public struct Field: Sendable {
        public let name: String
        public let type: FieldType
        /// The code list that input is checked against.
        public let codes: String?
        /// What input means when it gives the statement without this field.
        public let standard: Value?
        /// What input may range over.
        public let range: ClosedRange<Double>?
        /// One line for help.
        public let label: String

        public init(
            name: String, type: FieldType, codes: String? = nil, standard: Value? = nil,
            range: ClosedRange<Double>? = nil, label: String = ""
        ) {
            self.name = name
            self.type = type
            self.codes = codes
            self.standard = standard
            self.range = range
            self.label = label
        }
    }

    /// A field, or a few that only mean something together; named by the first.
    public struct Statement: Sendable {
        public let fields: [String]
        /// Those of the fields among those of the kind; empty outside of one.
        public internal(set) var positions: [Int] = []
        public let policy: Policy
        /// The position among `fields` of the date that the policy `vintage` compares.
        public let vintage: Int?

        public var name: String { fields[0] }

        public init(fields: [String], policy: Policy = .manual, vintage: Int? = nil) {
            precondition(!fields.isEmpty, "a statement has a field")
            self.fields = fields
            self.policy = policy
            self.vintage = vintage
        }
    }

    /// A key made of what the record says, so that two people who import one file get the same records: the value of
    /// `prefix`, a colon, and 16 characters of base32 of SHA-256 over the compact JSON array of the values of `digest`.
    public struct DerivedKey: Sendable, Equatable {
        public let prefix: String
        public let digest: [String]

        public init(prefix: String, digest: [String]) {
            self.prefix = prefix
            self.digest = digest
        }
    }

    /// A rule between fields, checked on input only.
    public enum Rule: Sendable, Equatable {
        /// The date in `field` is not before the one in `other`.
        case notBefore(field: String, other: String)
        /// All of the fields have a value, or none.
        case together([String])
    }

    /// - Parameter statements: those that are declared; every other field that is no set is a statement of its own.
    public init(
        name: String, key: [Field], fields: [Field], statements declared: [Statement] = [],
        indexes: [[String]] = [], rules: [Rule] = [], derivedKey: DerivedKey? = nil
    ) {
        self.name = name
        self.key = key
        self.fields = fields
        self.indexes = indexes
        self.rules = rules
        self.derivedKey = derivedKey
        var all: [Statement] = []
        var positions: [String: Int] = [:]
        for field in fields where field.type != .set && positions[field.name] == nil {
            var statement =
                declared.first { $0.fields.contains(field.name) } ?? Statement(fields: [field.name])
            statement.positions = statement.fields.map { name in
                fields.firstIndex { $0.name == name } ?? 0
            }
            for name in statement.fields { positions[name] = all.count }
            all.append(statement)
        }
        statements = all
        statementByField = positions
        self.positions = Dictionary(
            fields.enumerated().map { ($0.element.name, $0.offset) },
            uniquingKeysWith: { a, _ in a })
        fieldByName = Dictionary(uniqueKeysWithValues: (key + fields).map { ($0.name, $0) })
    }

    /// The field of that name, key fields among them.
    public func field(_ name: String) -> Field? { fieldByName[name] }

    /// The position of a field among ``fields``; nil for one that is not there, as those of the key.
    public func position(of field: String) -> Int? { positions[field] }

    /// The statement that holds the field of that name.
    public func statement(of field: String) -> Statement? {
        statementByField[field].map { statements[$0] }
    }

    public func isKeyField(_ name: String) -> Bool { key.contains { $0.name == name } }

    public var setFields: [Field] { fields.filter { $0.type == .set } }
}
