/// The words that somebody may have meant by one that is not known.
///
/// A word is near when it takes few edits to get there: 1 for a typed word of up to four
/// characters, 2 up to eight, 3 beyond. An edit is a character added, left out or replaced, or two
/// neighbours swapped. A word that the typed one (of two characters at least) is the beginning of
/// counts as one edit away. Upper and lower case are the same.
///
/// - Complexity: O(candidates · length²).
/// - Source: the optimal string alignment form of the Damerau–Levenshtein distance.
public enum Suggestion {
    /// The nearest of `candidates`, nearest first, then in the order given; at most `limit`.
    public static func nearest(
        to typed: String, among candidates: some Sequence<String>, limit: Int = 3
    ) -> [String] {
        let word = Array(typed.lowercased())
        let most = word.count <= 4 ? 1 : word.count <= 8 ? 2 : 3
        var found: [(distance: Int, order: Int, candidate: String)] = []
        for (order, candidate) in candidates.enumerated() {
            let other = Array(candidate.lowercased())
            let isBeginning = word.count >= 2 && other.starts(with: word)
            guard isBeginning || abs(other.count - word.count) <= most else { continue }
            let distance = isBeginning ? min(1, other.count - word.count) : distance(word, other)
            // Replacing all of it says nothing: `x` is one edit from every other letter.
            if distance <= most && distance < max(word.count, 1) {
                found.append((distance, order, candidate))
            }
        }
        found.sort { ($0.distance, $0.order) < ($1.distance, $1.order) }
        return found.prefix(limit).map(\.candidate)
    }

    /// The question for an error text: `Did you mean value, valuation or unit?`; nil if nothing is
    /// near.
    public static func question(
        for typed: String, among candidates: some Sequence<String>, limit: Int = 3
    ) -> String? {
        let words = nearest(to: typed, among: candidates, limit: limit)
        guard let last = words.last else { return nil }
        let list = words.dropLast().joined(separator: ", ")
        return "Did you mean " + (list.isEmpty ? last : list + " or " + last) + "?"
    }

    /// The question, where something is near, and then what there is.
    ///
    /// - Parameter all: names the candidates, as `The kinds are event, trade.`
    public static func hint(
        for typed: String, among candidates: some Sequence<String>, all: String
    ) -> String {
        question(for: typed, among: candidates, limit: 1).map { "\($0) \(all)" } ?? all
    }

    /// Edits between two words; a letter is not edited again once it was swapped.
    package static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for row in first.indices {
            var current = [row + 1]
            current.reserveCapacity(second.count + 1)
            for column in second.indices {
                let isSame = first[row] == second[column]
                var best = min(
                    last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
                let isSwap =
                    row > 0 && column > 0 && first[row] == second[column - 1]
                    && first[row - 1] == second[column]
                if isSwap { best = min(best, beforeLast[column - 1] + 1) }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[second.count]
    }
}
