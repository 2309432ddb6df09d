import TallyCore

/// A record in which all that somebody looked for stands.
public struct RecordHit: Sendable {
    public let address: RecordAddress
    /// Where the texts first stand, each field once, in the order of the record.
    public let matches: [Match]

    public struct Match: Sendable {
        public let field: String
        /// The whole value, or the element of a set.
        public let text: String
        public let range: Range<String.Index>
    }
}

extension DatasetAccess {
    /// Calls `body` for every visible record of the kinds in which each text stands somewhere: in a part of the key, a field
    /// that is no number, an element of a set, or, with a slash, in the address. In the order of kinds and keys.
    ///
    /// Fields that this version does not know are not searched.
    ///
    /// - Parameter body: returns whether to go on.
    /// - Complexity: O(records) time: every record is looked at; memory for one.
    public func search(
        _ texts: [SearchText], in kinds: [Kind], _ body: (RecordHit) throws -> Bool
    ) throws {
        struct Enough: Error {}
        do {
            for kind in kinds {
                try forEachRow(of: kind) { row in
                    guard let matches = row.matches(texts, kind) else { return }
                    let address = RecordAddress(kind: kind.name, key: row.key)
                    let goesOn = try body(RecordHit(address: address, matches: matches))
                    if !goesOn { throw Enough() }
                }
            }
        } catch is Enough {}
    }
}

extension RecordRow {
    /// - Returns: nil unless every text stands somewhere.
    fileprivate func matches(_ texts: [SearchText], _ kind: Kind) -> [RecordHit.Match]? {
        var found: [(position: Int, match: RecordHit.Match)] = []
        for text in texts {
            guard let (position, field, value) = place(of: text, kind) else { return nil }
            if found.contains(where: { $0.position == position }) { continue }
            guard let range = text.range(in: value) else { return nil }
            found.append((position, RecordHit.Match(field: field, text: value, range: range)))
        }
        return found.sorted { $0.position < $1.position }.map(\.match)
    }

    /// The first value in which a text stands.
    private func place(
        of text: SearchText, _ kind: Kind
    ) -> (position: Int, field: String, value: String)? {
        var position = 0
        for (field, part) in zip(kind.key, key.parts) {
            if text.isIn(part) { return (position, field.name, part) }
            position += 1
        }
        if text.hasSlash {
            let address = RecordAddress(kind: kind.name, key: key).text
            if text.isIn(address) { return (position, "record", address) }
        }
        position += 1
        for field in kind.fields {
            for value in sets[field.name] ?? values[field.name]?.text.map({ [$0] }) ?? [] {
                if text.isIn(value) { return (position, field.name, value) }
                position += 1
            }
        }
        return nil
    }
}
