/// A time of day in a text, of which a spreadsheet writes every part: `12:30:00 PM` for `12:30`.
enum SheetTime {
    /// Whether two texts show the same time, in seconds.
    static func isSame(_ cell: String, _ text: String) -> Bool {
        guard let time = seconds(text) else { return false }
        return seconds(cell) == time
    }

    /// Of `12:30`, `1:02:15`, `9:30 PM`; also of more than a day, as `26:10`.
    private static func seconds(_ text: String) -> Int? {
        var digits = text.uppercased()[...]
        let half = ["AM", "PM"].first(where: digits.hasSuffix)
        if half != nil {
            digits = digits.dropLast(2)
            while digits.last == " " { digits = digits.dropLast() }
        }
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count),
            parts.allSatisfy({ CodeText.isNumber(String($0), digits: 1...2) })
        else { return nil }
        var numbers = parts.compactMap { Int($0) }
        guard numbers.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
        if let half {
            guard (1...12).contains(numbers[0]) else { return nil }
            numbers[0] = numbers[0] % 12 + (half == "PM" ? 12 : 0)
        }
        return (numbers + [0]).prefix(3).reduce(0) { $0 * 60 + $1 }
    }
}
