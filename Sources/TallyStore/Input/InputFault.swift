import TallyCore

/// Why something that a person or a file gives is not taken: which field, which value, what to do.
public struct InputFault: Error, Equatable, Sendable {
    public let field: String
    public let message: String
    public let hint: String?

    public init(field: String, _ message: String, hint: String? = nil) {
        self.field = field
        self.message = message
        self.hint = hint
    }
}

extension StoreError {
    public init(_ fault: InputFault) {
        self.init(.badInput, fault.message, hint: fault.hint)
    }
}
