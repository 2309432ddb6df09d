/// The shapes of text that the format knows, each as a function of bytes.
public enum Shape {
    /// `[A-Z0-9_]{2,8}`.
    public static func isArea(_ text: String) -> Bool {
        (2...8).contains(text.utf8.count)
            && text.utf8.allSatisfy { isUpper($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// `[a-z0-9][a-z0-9._-]*`, at most 64 bytes.
    public static func isSource(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLower(first) || isDigit(first) else { return false }
        return text.utf8.count <= 64
            && text.utf8.allSatisfy { isLower($0) || isDigit($0) || isOne(of: "._-", $0) }
    }

    /// `TOTAL`, or `classification:code` of letters and digits (and `.`, `_`, `-` after the first), at most 16 and 32.
    public static func isProduct(_ text: String) -> Bool {
        if text == "TOTAL" { return true }
        var (lengths, part) = ([0, 0], 0)
        for byte in text.utf8 {
            if byte == UInt8(ascii: ":") {
                part += 1
                if part == 2 { return false }
            } else {
                guard isAlphanumeric(byte) || lengths[part] > 0 && isOne(of: "._-", byte) else {
                    return false
                }
                lengths[part] += 1
            }
        }
        return (1...16).contains(lengths[0]) && (1...32).contains(lengths[1])
    }

    /// `YYYY`, `YYYY-MM`, `YYYY-MM-DD`: EDTF level 0 (Library of Congress, 2019), without times and intervals.
    public static func isDate(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard [4, 7, 10].contains(bytes.count), isNumber(bytes.prefix(4), 4, 0...9999) else {
                return false
            }
            if bytes.count == 4 { return true }
            guard bytes[4] == UInt8(ascii: "-"), isNumber(bytes[5..<7], 2, 1...12) else {
                return false
            }
            return bytes.count == 7
                || bytes[7] == UInt8(ascii: "-") && isNumber(bytes[8..<10], 2, 1...31)
        }
    }

    /// SDMX TIME_PERIOD: a date, `YYYY-A1`, `-S1…2`, `-T1…3`, `-Q1…4`, `-M01…12`, `-W01…53`, `-D001…366`, or a range
    /// `date/duration` (SDMX 3.0 section 6, Time Period).
    public static func isPeriod(_ text: String) -> Bool {
        if isDate(text) { return true }
        let range = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if range.count == 2 {
            return range[0].count == 10 && isDate(String(decoding: range[0], as: UTF8.self))
                && isDuration(range[1])
        }
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2, isNumber(parts[0], 4, 0...9999), let letter = parts[1].first
        else { return false }
        let number = parts[1].dropFirst()
        switch letter {
        case UInt8(ascii: "A"): return isNumber(number, 1, 1...1)
        case UInt8(ascii: "S"): return isNumber(number, 1, 1...2)
        case UInt8(ascii: "T"): return isNumber(number, 1, 1...3)
        case UInt8(ascii: "Q"): return isNumber(number, 1, 1...4)
        case UInt8(ascii: "M"): return isNumber(number, 2, 1...12)
        case UInt8(ascii: "W"): return isNumber(number, 2, 1...53)
        case UInt8(ascii: "D"): return isNumber(number, 3, 1...366)
        default: return false
        }
    }

    /// Text of one line, not empty, without control characters.
    public static func isLine(_ text: String, maximumBytes: Int) -> Bool {
        !text.isEmpty && text.utf8.count <= maximumBytes && !hasControl(text, allowing: "")
    }

    /// Text without control characters other than newline and tab.
    public static func isText(_ text: String, maximumBytes: Int) -> Bool {
        text.utf8.count <= maximumBytes && !hasControl(text, allowing: "\n\t")
    }

    /// Unicode category Cc: C0, DEL and C1.
    private static func hasControl(_ text: String, allowing allowed: StaticString) -> Bool {
        var text = text
        return text.withUTF8 { utf8 in
            for (index, byte) in utf8.enumerated() {
                if byte < 0x20 || byte == 0x7f {
                    if !isOne(of: allowed, byte) { return true }
                } else if byte == 0xc2, index + 1 < utf8.count, utf8[index + 1] < 0xa0 {
                    return true  // C1 is C2 80 … C2 9F in UTF-8.
                }
            }
            return false
        }
    }

    /// ISO 8601 duration of days and longer: `P10D`, `P1Y2M`, `P2W`.
    private static func isDuration(_ bytes: some Collection<UInt8>) -> Bool {
        guard bytes.first == UInt8(ascii: "P"), bytes.count <= 16 else { return false }
        var units = Array("YMWD".utf8)[...]
        var (digits, parts) = (0, 0)
        for byte in bytes.dropFirst() {
            if isDigit(byte) {
                digits += 1
                continue
            }
            guard digits > 0, let unit = units.firstIndex(of: byte) else { return false }
            units = units[(unit + 1)...]
            (digits, parts) = (0, parts + 1)
        }
        return digits == 0 && parts > 0
    }

    private static func isNumber(
        _ bytes: some Collection<UInt8>, _ width: Int, _ range: ClosedRange<Int>
    ) -> Bool {
        guard bytes.count == width, bytes.allSatisfy(isDigit) else { return false }
        return range.contains(bytes.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
    }

    private static func isOne(of set: StaticString, _ byte: UInt8) -> Bool {
        set.withUTF8Buffer { $0.contains(byte) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isUpper(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
    }

    private static func isLower(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || isUpper(byte) || isLower(byte)
    }
}
