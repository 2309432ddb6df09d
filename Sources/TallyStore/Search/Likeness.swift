import TallyCore

/// Whether two texts that people typed may mean the same thing.
public enum Likeness {
    /// The words of a title: folded, sorted, each once; punctuation parts words, but an apostrophe or a hyphen does not
    /// (`Jin-ping` is `jinping`).
    public static func words(_ title: String) -> [String] {
        var words: Set<String> = []
        var word = ""
        for scalar in SearchText.folded(title).unicodeScalars {
            if isOfWord(scalar) {
                word.unicodeScalars.append(scalar)
            } else if !"'’-‐".unicodeScalars.contains(scalar), !word.isEmpty {
                words.insert(word)
                word = ""
            }
        }
        if !word.isEmpty { words.insert(word) }
        return words.sorted { $0.precedesInBytes($1) }
    }

    /// The letters and digits of a title, folded: what is left when case, punctuation and spaces do not count.
    public static func skeleton(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: SearchText.folded(text).unicodeScalars.filter(isOfWord))
        return String(result)
    }

    /// Whether two sets of words share so much: the common ones among all, 0 to 1 (Jaccard). Two empty sets share nothing.
    public static func share<Word: Hashable>(
        _ share: Double, _ a: [Word], _ b: [Word]
    ) -> Bool {
        let common = Set(a).intersection(b).count
        let all = a.count + b.count - common
        return all > 0 && common >= wanted(of: all, share)
    }

    /// How many of so many words have to be shared.
    static func wanted(of count: Int, _ share: Double = similarTitles) -> Int {
        // 0.6 is a little more than six tenths.
        Int((share * Double(count) - 1e-9).rounded(.up))
    }

    /// From here on the titles of one day are alike: one word of five is another, or two of five are missing.
    public static let similarTitles = 0.6
    /// The same for dates of less precision, of which many things can be.
    public static let similarTitlesOfMonth = 0.75

    /// Whether two names of one thing may be spelled in two ways: alike but for case, punctuation and spaces
    /// (`comparative_connections`), but for a version at the end (`comparative-connections-2024-01`, `kosis.v2`), or, with
    /// five letters and more, but for one letter (`kosiss`).
    public static func areSpelledAlike(_ a: String, _ b: String) -> Bool {
        let (x, y) = (skeleton(a), skeleton(b))
        if x == y { return true }
        let (first, second) = (stem(a), stem(b))
        if !first.isEmpty, first == second { return true }
        guard x.count >= 5, y.count >= 5, abs(x.count - y.count) <= 1,
            x.filter(\.isNumber) == y.filter(\.isNumber)
        else { return false }
        return Suggestion.distance(Array(x), Array(y)) == 1
    }

    /// A name without the version at its end: parts that are numbers, with a `v` before them or not.
    static func stem(_ name: String) -> String {
        var parts = SearchText.folded(name).split { character in
            !character.unicodeScalars.allSatisfy(isOfWord)
        }
        while let last = parts.last, isVersion(last) { parts.removeLast() }
        return parts.joined()
    }

    private static func isVersion(_ part: Substring) -> Bool {
        let digits = part.first == "v" ? part.dropFirst() : part
        return !digits.isEmpty && digits.allSatisfy(\.isNumber)
    }

    /// Letters, their marks, and digits.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .decimalNumber, .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }
}
