import TallyCore

/// Numbers for people: thousands separators, byte sizes, counted words.
public enum FigureText {
    /// `-18039656000` as `-18,039,656,000`.
    public static func grouped(_ value: some BinaryInteger) -> String {
        grouped(decimal: String(value))
    }

    /// `124800.5` as `124,800.5`; the fraction is kept whole.
    ///
    /// Numbers that have an exponent are not grouped, NaN and the infinities are Swift's words.
    public static func grouped(_ value: Double) -> String {
        grouped(decimal: value.isFinite ? NumberText.of(value) : value.description)
    }

    /// Groups the digits before the point of a decimal number given as text.
    ///
    /// Text that is not digits, with an optional sign and fraction, comes back as it is.
    public static func grouped(decimal text: String) -> String {
        let bytes = Array(text.utf8)
        let start = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") ? 1 : 0
        let point = bytes.firstIndex(of: UInt8(ascii: ".")) ?? bytes.count
        let isDigit = { (byte: UInt8) in byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        guard
            start < point, bytes[start..<point].allSatisfy(isDigit),
            bytes[point...].dropFirst().allSatisfy(isDigit)
        else { return text }
        var result = Array(bytes[..<start])
        result.reserveCapacity(bytes.count + bytes.count / 3)
        for index in start..<point {
            if index > start && (point - index) % 3 == 0 { result.append(UInt8(ascii: ",")) }
            result.append(bytes[index])
        }
        return String(decoding: result + bytes[point...], as: UTF8.self)
    }

    /// A figure to three digits: `107 M`, `82.3 bn`, `-1.2 k`; below a thousand as `grouped`.
    public static func short(_ value: Double) -> String {
        guard value.isFinite else { return value.description }
        if value < 0 { return "-" + short(-value) }
        var (scaled, unit) = (value, "")
        for next in ["k", "M", "bn", "tn"] where scaled >= 999.5 {
            scaled /= 1000
            unit = " " + next
        }
        let digits = digits(scaled, 3)
        return grouped(digits) + unit
    }

    /// A part of a whole to two digits: `0.07 %`, `12 %`, `99.9 %`.
    public static func percent(_ share: Double) -> String {
        let value = share * 100
        // What is not all of it must not be shown as all of it.
        return grouped(abs(value) > 10 ? (value * 10).rounded(.towardZero) / 10 : digits(value, 2))
            + " %"
    }

    /// How many times one figure is another: `1,000`, `12.3`; a tenth below a hundred, whole above.
    public static func times(_ ratio: Double) -> String {
        grouped(abs(ratio) < 99.95 ? (ratio * 10).rounded() / 10 : ratio.rounded())
    }

    private static func digits(_ value: Double, _ count: Int) -> Double {
        guard value != 0, value.isFinite else { return value }
        var (scale, magnitude) = (1.0, abs(value))
        let least = count == 3 ? 100.0 : 10.0
        while magnitude < least, scale < 1e12 {
            scale *= 10
            magnitude *= 10
        }
        return (value * scale).rounded() / scale
    }

    /// `1 conflict`, `2 conflicts`, `1,204 entries`.
    ///
    /// - Parameter plural: for words that do not simply take an `s`.
    public static func count(
        _ value: some BinaryInteger, _ singular: String, plural: String? = nil
    ) -> String {
        grouped(value) + " " + (value == 1 ? singular : plural ?? singular + "s")
    }

    /// A size in bytes, in decimal units: `812 B`, `4.2 MB`, `130 GB`.
    ///
    /// One decimal below 100 of a unit, none above; `4 MB` rather than `4.0 MB`.
    public static func bytes(_ value: some BinaryInteger) -> String {
        if value < 0 { return "-" + bytes(value.magnitude) }
        if value < 1000 { return "\(value) B" }
        let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
        var unit = 0
        var tenths = Double(value) / 100
        // 99.95 is where one decimal rounds to 100; 999.5 is where none rounds to 1000.
        while tenths >= 9995 && unit < units.count - 1 {
            tenths /= 1000
            unit += 1
        }
        let rounded = tenths < 999.5 ? tenths.rounded() / 10 : (tenths / 10).rounded()
        return NumberText.of(rounded) + " " + units[unit]
    }

    /// A rate to two significant digits, so that it does not flicker: `85,000/s`, `1.2/s`.
    static func rate(perSecond value: Double) -> Double {
        guard value.isFinite, value > 0 else { return 0 }
        var scale = 1.0
        while value / scale >= 100 { scale *= 10 }
        if value >= 10 { return (value / scale).rounded() * scale }
        return (value * 10).rounded() / 10
    }
}
