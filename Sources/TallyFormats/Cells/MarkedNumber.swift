/// A number as it is written, with marks between its digits of which it may not be known what they mean.
struct MarkedNumber {
    /// Without spaces.
    let text: String
    /// Of ten, behind an `e`.
    let exponent: Int
    private let sign: String
    /// The digits between the marks.
    private let groups: [Substring]
    let marks: [Character]

    /// - Returns: nil for what is no number whatever its marks mean.
    init?(_ text: String) {
        guard let joined = Self.withoutSpaces(text) else { return nil }
        let lower = joined.lowercased()
        let mantissa = lower.prefix { $0 != "e" }
        if mantissa.count < lower.count {
            let power = lower.dropFirst(mantissa.count + 1)
            guard power.utf8.count <= 6, let exponent = Int(power),
                power.first != "+" || power.count > 1
            else { return nil }
            self.exponent = exponent
        } else {
            exponent = 0
        }
        sign = mantissa.hasPrefix("-") ? "-" : ""
        let unsigned = mantissa.drop { $0 == "-" || $0 == "+" }
        guard mantissa.count - unsigned.count <= 1 else { return nil }
        marks = unsigned.filter { $0 == "." || $0 == "," }
        groups = unsigned.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard groups.contains(where: { !$0.isEmpty }),
            groups.joined().utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        self.text = joined
    }

    /// Spaces and apostrophes between digits separate thousands; anywhere else they make it no number.
    private static func withoutSpaces(_ text: String) -> String? {
        let plain = text.replacing("\u{2212}", with: "-")
        let parts = plain.split(omittingEmptySubsequences: false) {
            "\u{20}\u{a0}\u{202f}\u{2009}'’".contains($0)
        }
        guard parts.count > 1 else { return plain }
        let first = parts[0].drop { $0 == "-" || $0 == "+" }
        guard (1...3).contains(first.count), first.allSatisfy(\.isNumber) else { return nil }
        for (index, part) in parts.enumerated().dropFirst() {
            let digits = part.prefix(while: \.isNumber)
            guard digits.count == 3, index == parts.count - 1 || digits.count == part.count else {
                return nil
            }
        }
        return parts.joined()
    }

    /// The decimal mark, where the number itself shows it: of two different ones the last; of one that stands several
    /// times the other; of one alone that one, unless three digits follow it as they follow a separator of thousands.
    var decimalMark: DecimalMark? {
        guard let last = marks.last else { return nil }
        let own: DecimalMark = last == "." ? .point : .comma
        if marks.contains(where: { $0 != last }) { return own }
        if marks.count > 1 { return own == .point ? .comma : .point }
        return exponent != 0 || !isGrouped(groups[...]) ? own : nil
    }

    /// The one mark of a number that does not show what it means.
    var lonelyMark: DecimalMark? {
        marks.count == 1 && decimalMark == nil ? (marks[0] == "." ? .point : .comma) : nil
    }

    private func isGrouped(_ groups: ArraySlice<Substring>) -> Bool {
        guard let first = groups.first, (1...3).contains(first.count), first != "0" else {
            return false
        }
        return groups.dropFirst().allSatisfy { $0.count == 3 }
    }

    /// The digits with a decimal point where there are decimals, the exponent left out.
    ///
    /// - Returns: nil where the marks do not stand as they must.
    func plain(_ mark: DecimalMark) -> String? {
        let decimal: Character = mark == .point ? "." : ","
        let isBroken = marks.last == decimal
        let whole = isBroken ? groups.dropLast() : groups[...]
        guard !marks.dropLast(isBroken ? 1 : 0).contains(decimal),
            whole.count == 1 || isGrouped(whole)
        else { return nil }
        let digits = sign + whole.joined()
        return isBroken ? "\(digits).\(groups[groups.count - 1])" : digits
    }
}
