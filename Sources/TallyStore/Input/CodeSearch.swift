import Foundation
import TallyCore

extension CodeList {
    /// The entries that a text may mean, the likeliest first, those alike in the order of the list.
    ///
    /// First the code itself, ISO or Comtrade number, then the whole name or alias, then codes that begin so, then names that
    /// begin so, hold it from the beginning of a word, hold it anywhere, hold all its words. Case and accents do not count.
    /// A product may be written with its classification, `H6:8507`.
    ///
    /// - Complexity: O(text of the list).
    public func search(_ text: String) -> [Entry] {
        let wanted = Wanted(text)
        if wanted.text.isEmpty { return entries }
        let found = entries.enumerated().compactMap { position, entry in
            wanted.rank(of: entry).map { (rank: $0, position: position, entry: entry) }
        }
        if found.isEmpty, let entry = ProductName.entry(for: text, in: self), entry.isExact {
            return [entry.entry]
        }
        return found.sorted { ($0.rank, $0.position) < ($1.rank, $1.position) }.map(\.entry)
    }

    /// Where a product is that the list is too short for: 8507 for `850760` or `H6:850760`.
    public func entry(above text: String) -> Entry? {
        ProductName.entry(for: text, in: self)?.entry
    }

    /// What a text that finds nothing may have meant: near codes and names, then names with a word near it.
    public func near(_ text: String, limit: Int = 3) -> [Entry] {
        var found = suggestions(for: text, limit: limit)
        let words = entries.map { entry in
            Set(
                entry.names.flatMap {
                    FoldedText.words($0)
                })
        }
        let near = Suggestion.nearest(
            to: FoldedText.of(text), among: Set(words.joined()).sorted(), limit: limit)
        for word in near {
            for (entry, own) in zip(entries, words)
            where own.contains(word) && !found.contains(where: { $0.code == entry.code }) {
                found.append(entry)
            }
        }
        return Array(found.prefix(limit))
    }

    private struct Wanted {
        let text: String
        private let words: [String]
        /// As a number of M49 or ISO 4217 is written.
        private let padded: String

        init(_ given: String) {
            text = FoldedText.of(given)
            words = FoldedText.words(text)
            padded = String(repeating: "0", count: max(0, 3 - text.count)) + text
        }

        /// 0 for the best; nil for no match.
        func rank(of entry: Entry) -> Int? {
            let code = FoldedText.of(entry.code)
            if code == text { return 0 }
            if let iso2 = entry.iso2, FoldedText.of(iso2) == text { return 1 }
            if let area = entry.area, FoldedText.of(area) == text { return 1 }
            if let iso = entry.comtradeISO, FoldedText.of(iso) == text { return 1 }
            if let place = entry.comtrade.firstIndex(of: text) { return place == 0 ? 2 : 3 }
            if entry.m49 == padded || entry.numeric == padded { return 3 }
            let names = entry.names.map(FoldedText.of)
            if names[0] == text { return 4 }
            if names.contains(text) { return 5 }
            if code.hasPrefix(text) { return 6 }
            if names[0].hasPrefix(text) { return 7 }
            let places = names.map { $0.ranges(of: text) }
            if zip(names, places).contains(where: { $0.hasWord(at: $1) }) { return 8 }
            if places.contains(where: { !$0.isEmpty }) { return 9 }
            if words.count > 1,
                words.allSatisfy({ word in names.contains { $0.contains(word) } })
            {
                return 10
            }
            return code.contains(text) ? 11 : nil
        }
    }
}

/// Text as it is compared where case, accents, apostrophes and extra spaces do not count.
enum FoldedText {
    static func of(_ text: String) -> String {
        let folded =
            text.utf8.allSatisfy { $0 < 0x80 }
            ? text.lowercased()
            : text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
        return folded.filter { $0 != "'" && $0 != "’" }
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    static func words(_ text: String) -> [String] {
        of(text).split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}

extension String {
    /// Whether a word begins at the beginning of one of the ranges.
    fileprivate func hasWord(at places: [Range<String.Index>]) -> Bool {
        places.contains { place in
            guard place.lowerBound > startIndex else { return true }
            let before = self[index(before: place.lowerBound)]
            return !before.isLetter && !before.isNumber
        }
    }
}
