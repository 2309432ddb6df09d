import TallyCore

/// The words by which a hub says why it refuses (DESIGN.md section 8): the ends of RFC 9457 problem types.
public enum ProblemWord: String, Sendable, CaseIterable {
    case gap
    case fork
    case unseen
    case invalid
    case tooLarge = "too-large"
    case unauthenticated
    case forbidden
    case unknownDataset = "unknown-dataset"
    case badRequest = "bad-request"
    case exists
    case cursorGone = "cursor-gone"
    case busy
    case fault

    /// The HTTP status that goes with the word.
    public var status: Int {
        switch self {
        case .gap, .fork, .unseen, .exists: return 409
        case .invalid: return 422
        case .tooLarge: return 413
        case .unauthenticated: return 401
        case .forbidden: return 403
        case .unknownDataset: return 404
        case .badRequest: return 400
        case .cursorGone: return 410
        case .busy: return 503
        case .fault: return 500
        }
    }
}

/// Why a line is not taken.
public struct LineFault: Error, Equatable, Sendable {
    public let word: ProblemWord
    /// What is wrong, with which value.
    public let reason: String
    /// For a gap: the seq that would be taken.
    public let expectedSeq: Int?
    /// The number of the line in its body, from 1.
    public var line: Int?

    public init(_ word: ProblemWord, _ reason: String, expectedSeq: Int? = nil, line: Int? = nil) {
        self.word = word
        self.reason = reason
        self.expectedSeq = expectedSeq
        self.line = line
    }

    static func invalid(_ reason: String) -> Self { Self(.invalid, reason) }

    init(json fault: JSONFault) {
        self.init(.invalid, "not JSON: \(fault.reason) at byte \(fault.offset + 1)")
    }
}
