import TallyCore

/// Finds records whose keys differ in one part only, and there in the spelling.
///
/// Only parts that people make up count: sources and names. Codes, areas and periods come from lists; two of them are two
/// things however near they look. Two sources are two records too, so the spelling has to be alike
/// (``Likeness/areSpelledAlike(_:_:)``) and what both state has to agree: all their numbers where the kind has numbers,
/// else all their fields, and at least one of these stands in both.
///
/// - Complexity: one pass, in an order in which the other parts of the key stand together; a record is compared with at most
///   ``window`` before it.
struct SpellingDuplicates {
    private static let window = 100

    private let kind: Kind
    private let position: Int
    private let compared: [String]
    private var recent: [RecordRow] = []
    private(set) var found: [LikelyDuplicate] = []

    private init(_ kind: Kind, position: Int) {
        self.kind = kind
        self.position = position
        let numbers = kind.fields.filter { $0.type == .number }
        compared = (numbers.isEmpty ? kind.fields.filter { $0.type != .set } : numbers).map(\.name)
    }

    /// One search for each part of the key that people make up.
    static func searches(of kind: Kind) -> [SpellingDuplicates] {
        kind.key.indices.filter { [.source, .identifier, .text].contains(kind.key[$0].type) }
            .map { SpellingDuplicates(kind, position: $0) }
    }

    /// The fields of the key in which the rows are to come.
    var order: [String] {
        var names = kind.key.map(\.name)
        names.append(names.remove(at: position))
        return names
    }

    mutating func take(_ row: RecordRow) {
        if let last = recent.last, !isBeside(last, row) { recent.removeAll() }
        for other in recent where isLike(other, row) {
            found.append(
                LikelyDuplicate(
                    other.key, row.key, weights: (other.weight, row.weight), of: kind,
                    .spelling(field: kind.key[position].name)))
        }
        recent.append(row)
        if recent.count > Self.window { recent.removeFirst() }
    }

    /// Whether all the other parts of the keys are the same.
    private func isBeside(_ a: RecordRow, _ b: RecordRow) -> Bool {
        kind.key.indices.allSatisfy {
            $0 == position || a.key.parts[$0].hasSameBytes(as: b.key.parts[$0])
        }
    }

    private func isLike(_ a: RecordRow, _ b: RecordRow) -> Bool {
        var hasCommon = false
        for field in compared {
            guard let x = a.values[field], let y = b.values[field] else { continue }
            guard x == y else { return false }
            hasCommon = true
        }
        return hasCommon
            && Likeness.areSpelledAlike(a.key.parts[position], b.key.parts[position])
    }
}
