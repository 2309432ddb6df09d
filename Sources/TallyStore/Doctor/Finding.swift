/// One thing that an examination of a dataset has to say.
public struct Finding: Sendable, Equatable {
    public enum Severity: String, Sendable {
        /// Worth knowing; nothing is wrong.
        case note
        /// Something stands in the way of work; what is in the file is whole.
        case warning
        /// Something in the file is lost or not as it should be.
        case damage
    }

    public let severity: Severity
    /// In words, with the values.
    public let what: String
    /// What can be done.
    public let hint: String?
    /// That the file takes more room than it needs.
    public let isOfSpace: Bool

    init(_ severity: Severity, _ what: String, hint: String? = nil, isOfSpace: Bool = false) {
        self.severity = severity
        self.what = what
        self.hint = hint
        self.isOfSpace = isOfSpace
    }

    /// A file that does not even look like a dataset.
    public init(_ error: StoreError) { self.init(.damage, error.message, hint: error.hint) }

    /// - Parameter error: what the examination of a damaged file ran into.
    init(damage error: StoreError) {
        self.init(.damage, error.message, hint: Self.saving)
    }

    static let saving = "Save what can be read into a new file: tally doctor --into FILE"
}

extension [Finding] {
    /// Whether nothing is wrong; there may be notes.
    public var isSound: Bool { allSatisfy { $0.severity == .note } }
}
