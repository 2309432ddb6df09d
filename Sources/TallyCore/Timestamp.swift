/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Text form: exactly `YYYY-MM-DDTHH:MM:SS.mmmZ`, years 0000 to 9999. No leap seconds.
/// It decides provisional winners and the policy `newest`, nothing else (DESIGN.md section 4).
public struct Timestamp: Hashable, Sendable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

    /// - Returns: nil when the text is not of the form, or names a day or an hour that does not exist.
    public init?(_ text: some StringProtocol) {
        self.init(utf8: Array(text.utf8))
    }

    public init?(utf8 text: [UInt8]) {
        let pattern = Array("0000-00-00T00:00:00.000Z".utf8)
        guard text.count == pattern.count else { return nil }
        for (byte, expected) in zip(text, pattern) {
            if expected == UInt8(ascii: "0") {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            } else if byte != expected {
                return nil
            }
        }
        func number(_ range: Range<Int>) -> Int {
            text[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        let day = CalendarDay(year: number(0..<4), month: number(5..<7), day: number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard let day, hour < 24, minute < 60, second < 60 else { return nil }
        let seconds = Int64(day.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        milliseconds = seconds * 1000 + Int64(number(20..<23))
    }

    /// Those that have a text form.
    public static let textual =
        Timestamp(milliseconds: -62_167_219_200_000)...Timestamp(milliseconds: 253_402_300_799_999)

    public var text: String {
        let (seconds, millisecond) = Self.divide(milliseconds, by: 1000)
        let (days, inDay) = Self.divide(seconds, by: 86_400)
        let day = CalendarDay(daysSinceEpoch: Int(days))
        func pad(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let (hour, minute, second) = (Int(inDay) / 3600, Int(inDay) / 60 % 60, Int(inDay) % 60)
        return
            "\(day.text)T\(pad(hour, 2)):\(pad(minute, 2)):\(pad(second, 2)).\(pad(Int(millisecond), 3))Z"
    }

    /// Division that rounds down, so that moments before 1970 come out right.
    private static func divide(_ number: Int64, by divisor: Int64) -> (Int64, Int64) {
        let remainder = ((number % divisor) + divisor) % divisor
        return ((number - remainder) / divisor, remainder)
    }
}

extension Timestamp: CustomStringConvertible {
    public var description: String { text }
}

extension Timestamp {
    /// How far ahead of the clock another replica's time may be and still be followed: 24 hours.
    public static let followedAheadMs: Int64 = 24 * 3600 * 1000

    /// The `at` of a new changeset: the wall clock, but at least a millisecond after what has been seen.
    ///
    /// The own last time always counts; another replica's only while it is less than 24 hours ahead of the clock
    /// (DESIGN.md section 4, Time).
    ///
    /// - Parameter othersLast: the latest time of other replicas, those left out that are further ahead: one wrong
    ///   clock must not hide the others.
    public static func next(clock: Self, ownLast: Self?, othersLast: Self?) -> Self {
        var result = clock
        if let othersLast, othersLast.milliseconds - clock.milliseconds < followedAheadMs {
            result = max(result, Self(milliseconds: othersLast.milliseconds + 1))
        }
        if let ownLast {
            result = max(result, Self(milliseconds: ownLast.milliseconds + 1))
        }
        return result
    }
}
