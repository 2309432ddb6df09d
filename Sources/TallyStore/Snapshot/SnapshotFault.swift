/// Why a snapshot is not taken for what it says it is.
public struct SnapshotFault: Error, Equatable, Sendable {
    /// What is wrong with it, as the end of a sentence.
    public let reason: String

    init(_ reason: String) { self.reason = reason }
}
