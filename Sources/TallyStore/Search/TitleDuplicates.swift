import TallyCore

/// Finds records of a kind whose key can be derived (an event) that tell of the same thing.
///
/// Of the fields from which the key is derived those of type `text` are the title and the first of type `date` is the date.
/// Two records may be one when
///
/// - their titles are the same but for case, punctuation and spaces, and their dates at most ``nearDays`` days apart (or
///   one has none);
/// - their dates can be the same (`2023-09` and `2023-09-23`), and their titles share most of their words
///   (``Likeness/similarTitles`` where both dates are days, else ``Likeness/similarTitlesOfMonth``);
/// - a web page (an element of a set with `://` in it) stands in both, on the same day.
///
/// Records are compared within blocks only: those of one title, of one page and day, and those of one year that share one
/// of the rarest words of their titles. Of n words at least ⌈0.6 n⌉ have to be shared, so that one of the n − ⌈0.6 n⌉ + 1
/// rarest must be: nothing is missed by that (prefix filtering: Chaudhuri, Ganti, Kaushik, “A Primitive Operator for
/// Similarity Joins in Data Cleaning”, 2006). In a block of more than ``window`` records one is compared with so many
/// after it in the order of the keys.
///
/// - Complexity: O(records) memory; O(records · words · window) time.
struct TitleDuplicates {
    static let nearDays = 3
    private static let window = 100

    private struct Entry {
        let key: RecordKey
        let skeleton: String
        let words: [Int]
        let span: DateSpan?
        let pages: [String]
        let weight: Int
    }

    private struct Block: Hashable {
        let name: String
        let number: Int
    }

    private let kind: Kind
    private let titles: [String]
    private let date: String?
    private var entries: [Entry] = []
    /// Words by number, and how many records have each.
    private var numbers: [String: Int] = [:]
    private var counts: [Int] = []

    /// - Returns: nil for a kind without derived keys, or one whose keys are derived from no text.
    init?(_ kind: Kind) {
        let digest = (kind.derivedKey?.digest ?? []).compactMap { kind.field($0) }
        titles = digest.filter { $0.type == .text }.map(\.name)
        date = digest.first { $0.type == .date }?.name
        self.kind = kind
        if titles.isEmpty { return nil }
    }

    /// - Precondition: rows come in the order of the key.
    mutating func take(_ row: RecordRow) {
        let title = titles.compactMap { row.values[$0]?.text }.joined(separator: " ")
        let words = Likeness.words(title).map { word in
            if let known = numbers[word] {
                counts[known] += 1
                return known
            }
            numbers[word] = counts.count
            counts.append(1)
            return counts.count - 1
        }
        let pages = Set(row.sets.values.joined().filter { $0.contains("://") })
        entries.append(
            Entry(
                key: row.key, skeleton: Likeness.skeleton(title), words: words.sorted(),
                span: date.flatMap { row.values[$0]?.text }.flatMap { DateSpan($0) },
                pages: pages.sorted(), weight: row.weight))
    }

    /// - Parameter check: called for every block.
    func pairs(_ check: () throws -> Void) throws -> [LikelyDuplicate] {
        var found: [[Int]: LikelyDuplicate.Reason] = [:]
        try compare(by: { $0.skeleton.isEmpty ? [] : [Block(name: $0.skeleton, number: 0)] }, check)
        {
            guard found[[$0, $1]] == nil, isNear(entries[$0], entries[$1]) else { return }
            found[[$0, $1]] = .title
        }
        try compare(by: rareWords, check) {
            guard found[[$0, $1]] == nil, isAlike(entries[$0], entries[$1]) else { return }
            found[[$0, $1]] = .date
        }
        try compare(by: pagesOfDay, check) { a, b in
            guard found[[a, b]] == nil,
                let page = entries[a].pages.first(where: entries[b].pages.contains)
            else { return }
            found[[a, b]] = .page(page)
        }
        return found.map { pair, reason in
            let (a, b) = (entries[pair[0]], entries[pair[1]])
            return LikelyDuplicate(
                a.key, b.key, weights: (a.weight, b.weight), of: kind, reason)
        }
    }

    /// Calls `body` with the positions of two entries, the first one first, that share a block.
    private func compare(
        by blocks: (Entry) -> [Block], _ check: () throws -> Void, _ body: (Int, Int) -> Void
    ) rethrows {
        var members: [Block: [Int]] = [:]
        for (position, entry) in entries.enumerated() {
            for block in blocks(entry) { members[block, default: []].append(position) }
        }
        for own in members.values where own.count > 1 {
            try check()
            for (index, first) in own.enumerated() {
                for second in own[(index + 1)...].prefix(Self.window) { body(first, second) }
            }
        }
    }

    private func isNear(_ a: Entry, _ b: Entry) -> Bool {
        guard a.skeleton == b.skeleton else { return false }
        guard let first = a.span, let second = b.span else { return true }
        return first.distanceDays(to: second) <= Self.nearDays
    }

    private func isAlike(_ a: Entry, _ b: Entry) -> Bool {
        guard let first = a.span, let second = b.span, first.overlaps(second) else { return false }
        let isOneDay = first.isOneDay && second.isOneDay
        return Likeness.share(
            isOneDay ? Likeness.similarTitles : Likeness.similarTitlesOfMonth, a.words, b.words)
    }

    private func rareWords(_ entry: Entry) -> [Block] {
        guard let span = entry.span, !entry.words.isEmpty else { return [] }
        let year = CalendarDay(daysSinceEpoch: span.days.lowerBound).year
        let rarest = entry.words.sorted { (counts[$0], $0) < (counts[$1], $1) }
        return rarest.prefix(entry.words.count - Likeness.wanted(of: entry.words.count) + 1).map {
            Block(name: String(year), number: $0)
        }
    }

    private func pagesOfDay(_ entry: Entry) -> [Block] {
        guard let span = entry.span, span.isOneDay else { return [] }
        return entry.pages.map { Block(name: $0, number: span.days.lowerBound) }
    }
}
