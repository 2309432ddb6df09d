import TallyCore

/// A position in a log and the hash of the line there, so that a cursor of another log is not believed.
///
/// Text form, opaque to everybody else: `epoch.position.hash`, hash being the first 16 hexadecimal digits, or `0` at the
/// start.
public struct LogCursor: Hashable, Sendable {
    public let epoch: String
    public let position: Int
    let hashPrefix: String

    init(epoch: String, position: Int, hash: ChangesetHash?) {
        self.epoch = epoch
        self.position = position
        hashPrefix = hash.map { String($0.text.prefix(16)) } ?? "0"
    }

    /// - Returns: nil when the text is no cursor.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, let position = Int(parts[1]), position >= 0,
            String(position) == parts[1]
        else { return nil }
        epoch = String(parts[0])
        self.position = position
        hashPrefix = String(parts[2])
    }

    public var text: String { "\(epoch).\(position).\(hashPrefix)" }

    func matches(_ hash: ChangesetHash?) -> Bool {
        hashPrefix == (hash.map { String($0.text.prefix(16)) } ?? "0")
    }
}
