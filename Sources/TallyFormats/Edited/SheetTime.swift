/// A time of day in a text, of which a spreadsheet writes every part: `12:30:00 PM` and `12시 30분 0초` for `12:30`.
struct SheetTime {
    private let seconds: Int
    private let hasSeconds: Bool
    private let hasHalf: Bool

    /// Of `12:30`, `1:02:15`, `9:30 PM`, `2 PM`, `오후 9:30`; also of more than a day, as `26:10`.
    private init?(_ text: String) {
        guard text.utf8.count <= 40 else { return nil }
        let words = text.uppercased().replacing("시", with: ":").replacing("분", with: ":")
            .replacing("초", with: "").replacing("오전", with: "AM").replacing("오후", with: "PM")
            .replacing(" ", with: "")
        let half = ["AM", "PM"].first { words.hasPrefix($0) || words.hasSuffix($0) }
        let digits = half.map { words.replacing($0, with: "") } ?? words
        var parts = digits.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 2, parts.last?.isEmpty == true { parts.removeLast() }
        guard (half == nil ? 2...3 : 1...3).contains(parts.count),
            parts.allSatisfy({ CodeText.isNumber(String($0), digits: 1...2) })
        else { return nil }
        var numbers = parts.compactMap { Int($0) }
        guard numbers.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
        if let half {
            guard (1...12).contains(numbers[0]) else { return nil }
            numbers[0] = numbers[0] % 12 + (half == "PM" ? 12 : 0)
        }
        hasSeconds = numbers.count > 2
        hasHalf = half != nil
        seconds = (numbers + [0, 0]).prefix(3).reduce(0) { $0 * 60 + $1 }
    }

    /// Whether a cell shows the time of a text as a program does: it puts in the half of the day only with the seconds.
    static func isSame(_ cell: String, _ text: String) -> Bool {
        guard let then = Self(text), let now = Self(cell) else { return false }
        return now.seconds == then.seconds && (now.hasSeconds || now.hasHalf == then.hasHalf)
    }
}
