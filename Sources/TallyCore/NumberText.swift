/// Numbers as text, both ways.
///
/// Printed as ECMAScript prints them: the shortest digits that read back to the same double, no needless `.0`, an
/// exponent only below 1e-6 and from 1e21 on (DESIGN.md section 3).
public enum NumberText {
    /// - Precondition: `number` is finite.
    public static func of(_ number: Double) -> String {
        precondition(number.isFinite, "a value is a finite number")
        if let integer = Int64(exactly: number), integer.magnitude < 1_000_000_000_000_000 {
            return String(integer)
        }
        // The standard library prints the same digits, and an exponent more often.
        let text = number.description
        if !text.utf8.contains(where: { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }),
            !text.hasSuffix(".0")
        {
            return text
        }
        let decimal = Decimal(shortest: number)
        let sign = number < 0 ? "-" : ""
        let digits = decimal.digits.map(String.init).joined()
        let point = decimal.pointPosition
        if point > 21 || point < -5 {
            let mantissa =
                digits.count == 1 ? digits : "\(digits.prefix(1)).\(digits.dropFirst())"
            let exponent = point - 1
            return "\(sign)\(mantissa)e\(exponent < 0 ? "-" : "+")\(abs(exponent))"
        }
        if point <= 0 {
            return "\(sign)0.\(String(repeating: "0", count: -point))\(digits)"
        }
        if digits.count <= point {
            return "\(sign)\(digits)\(String(repeating: "0", count: point - digits.count))"
        }
        return "\(sign)\(digits.prefix(point)).\(digits.dropFirst(point))"
    }

    /// The number that digits and a point stand for; nil for more than 15 digits, and for any other text.
    ///
    /// Both the digits and the power of ten are doubles without rounding, so that one division rounds once (Clinger, How to
    /// read floating point numbers accurately, 1990).
    private static func plain(_ text: String) -> Double? {
        var (mantissa, digits, decimals) = (0, 0, -1)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                mantissa = mantissa * 10 + Int(byte - UInt8(ascii: "0"))
                if decimals >= 0 { decimals += 1 }
            case UInt8(ascii: ".") where decimals < 0: decimals = 0
            default: return nil
            }
            if digits > 15 { return nil }
        }
        guard digits > 0 else { return nil }
        return Double(mantissa) / powersOfTen[max(0, decimals)]
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    /// Why a text is not accepted as a number.
    public enum Refusal: Error, Equatable, Sendable {
        case notANumber
        /// More digits than a double holds; the nearest one is given.
        case notExact(nearest: Double)
        case outOfRange
    }

    /// Reads what a person or a file gives.
    ///
    /// Accepted are at most 15 significant digits, or the shortest text that reads back to the same double; anything
    /// else would be rounded in silence. −0 becomes 0.
    public static func read(_ text: String) throws(Refusal) -> Double {
        if let number = plain(text) { return number }
        guard let decimal = Decimal(text) else { throw .notANumber }
        guard let number = Double(text), number.isFinite else { throw .outOfRange }
        if decimal.digits.isEmpty { return 0 }
        if number == 0 { throw .outOfRange }
        if decimal.digits.count > 15 {
            let shortest = Decimal(shortest: number)
            guard decimal.digits == shortest.digits,
                decimal.pointPosition == shortest.pointPosition
            else { throw .notExact(nearest: number) }
        }
        return number
    }
}

/// Digits without zeros at either end, and where the point stands: 0.digits × 10^pointPosition.
private struct Decimal {
    var digits: [UInt8] = []
    var pointPosition = 0

    /// The shortest digits that read back to `number`, sign left out. Zero has no digits.
    init(shortest number: Double) {
        // The standard library prints the shortest digits (SwiftDtoa, after Ryū and Errol).
        guard let decimal = Self(abs(number).description) else {
            preconditionFailure("a finite number prints as a decimal")
        }
        self = decimal
    }

    /// - Returns: nil when `text` is not `[+-]digits[.digits][e[+-]digits]` with at least one digit.
    init?(_ text: String) {
        var bytes = Substring(text).utf8
        if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            bytes.removeFirst()
        }
        var (seenDigit, seenPoint, point) = (false, false, 0)
        scan: while let byte = bytes.first {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                seenDigit = true
                digits.append(byte - UInt8(ascii: "0"))
                if !seenPoint { point += 1 }
            case UInt8(ascii: ".") where !seenPoint: seenPoint = true
            default: break scan
            }
            bytes.removeFirst()
        }
        guard seenDigit else { return nil }
        if let byte = bytes.first {
            guard byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") else { return nil }
            bytes.removeFirst()
            guard let exponent = Int(Substring(bytes)), (-100_000...100_000).contains(exponent)
            else { return nil }
            point += exponent
        }
        while digits.last == 0 { digits.removeLast() }
        let leading = digits.prefix { $0 == 0 }.count
        digits.removeFirst(leading)
        pointPosition = digits.isEmpty ? 0 : point - leading
    }
}
