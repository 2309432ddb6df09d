/// A value together with the revision that wrote it.
public struct Version<Content: Hashable & Sendable>: Hashable, Sendable {
    public let content: Content
    public let revision: Revision
    /// The position among the versions that the same revision wrote, when a `reopen` wrote several.
    public let order: Int

    public init(_ content: Content, _ revision: Revision, order: Int = 0) {
        self.content = content
        self.revision = revision
        self.order = order
    }
}

/// Whether a record is there.
public enum Existence: String, Hashable, Sendable {
    case present, deleted
}

/// An element of a set field.
public struct Element: Hashable, Comparable, Sendable {
    public let field: String
    public let text: String

    public init(field: String, text: String) {
        self.field = field
        self.text = text
    }

    public static func == (a: Self, b: Self) -> Bool {
        a.field == b.field && a.text.hasSameBytes(as: b.text)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(field)
        text.hashBytes(into: &hasher)
    }

    public static func < (a: Self, b: Self) -> Bool {
        a.field == b.field ? a.text.precedesInBytes(b.text) : a.field.precedesInBytes(b.field)
    }
}

/// The versions of a statement that nothing has covered.
public struct StatementState: Hashable, Sendable {
    public var versions: [Version<[Value]>] = []
    /// Whether any version of the statement has ever been covered: tells edit/edit from add/add.
    public var hasHistory = false

    public init(versions: [Version<[Value]>] = [], hasHistory: Bool = false) {
        self.versions = versions
        self.hasHistory = hasHistory
    }
}

/// What a copy knows of one record: a set of versions for each statement, each element of a set field, and existence.
///
/// A value: applying edits of changesets in any causal order, any number of times, gives the same state
/// (DESIGN.md section 4).
public struct RecordState: Hashable, Sendable {
    /// Sorted by revision.
    public var existence: [Version<Existence>] = []
    /// By the name of the statement.
    public var statements: [String: StatementState] = [:]
    public var elements: [Element: [Version<Bool>]] = [:]

    public init() {}

    /// Nothing was ever written that could be seen or taken back.
    public var isEmpty: Bool { existence.isEmpty && statements.isEmpty && elements.isEmpty }

    /// Every revision that still holds something of this record.
    public var revisions: Set<Revision> {
        var result = Set(existence.map(\.revision))
        for state in statements.values { result.formUnion(state.versions.map(\.revision)) }
        for versions in elements.values { result.formUnion(versions.map(\.revision)) }
        return result
    }
}
