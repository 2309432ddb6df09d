import TallyCore

/// Ids of records as Tally writes them: a UUID, or `source:id of the publisher`.
enum RecordID {
    /// What is told of others.
    static let others = "ids that are no SOURCE:ID and no UUID, taken as they are"

    /// Whether a text is such an id already.
    static func isOne(_ text: String) -> Bool { source(of: text) != nil || isUUID(text) }

    /// The source that an id names; nil for a UUID, and for what is no id of Tally.
    static func source(of text: String) -> String? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let source = String(text[..<colon])
        return Shape.isSource(source) ? source : nil
    }

    private static func isUUID(_ text: String) -> Bool {
        let lengths = text.split(separator: "-", omittingEmptySubsequences: false).map(\.utf8.count)
        return lengths == [8, 4, 4, 4, 12]
            && text.utf8.allSatisfy {
                $0 == 0x2d || (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }
    }
}
