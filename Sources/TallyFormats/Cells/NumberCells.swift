import TallyCore
import TallyStore

/// Reads numbers as tables have them: `1187.5`, `1,187.5`, `1.187,5`, `1 187,5`.
///
/// What `1,187` is, only the other figures of its file can tell: a figure that could be two numbers is refused until one
/// shows which mark the file has, or the mark is given.
struct NumberCells {
    /// The mark that is given, or that a figure has shown.
    private(set) var mark: DecimalMark?
    /// Whether commas separate cells or nothing is known of them: a point alone is then the decimal one.
    private let isPointUsual: Bool
    private let isGiven: Bool
    /// Whether a point was taken for the decimal one because that is usual.
    private(set) var hasTakenPoint = false

    /// Cells that say that there is no figure, as statistical offices write them.
    private static let missing: Set<String> = [
        "", "NA", "N/A", "n/a", "N.A.", "n.a.", "#N/A", "NaN", "nan", "NULL", "null", "None", "-",
        "--", "–", "—", "..",
        "...", "…", ":",
    ]

    /// - Parameter isGiven: whether the user has said the mark, as where there is one, or the sort of file.
    init(mark: DecimalMark?, isPointUsual: Bool, isGiven: Bool? = nil) {
        self.mark = mark
        self.isGiven = isGiven ?? (mark != nil)
        self.isPointUsual = isPointUsual
    }

    /// What was taken for granted of figures that did not show it.
    var remarks: [String] {
        hasTakenPoint && mark == nil
            ? ["figures as 1.234 are taken with a decimal point; --decimal comma says otherwise"]
            : []
    }

    static func isMissing(_ cell: String) -> Bool { missing.contains(cell.trimmingSpaces) }

    mutating func assume(_ mark: DecimalMark) { self.mark = self.mark ?? mark }

    /// Takes from a figure which mark is the decimal one, if it shows it.
    ///
    /// - Returns: whether that is still to be learned.
    mutating func learn(from cell: String) -> Bool {
        if mark == nil, let number = MarkedNumber(cell.trimmingSpaces),
            let shown = number.decimalMark, number.plain(shown) != nil
        {
            mark = shown
        }
        return mark == nil
    }

    /// The number as Tally writes it, times ten to the power `scale`; empty where there is none.
    ///
    /// What is no number is given back as it is.
    mutating func plain(
        _ cell: String, scale: Int = 0, field: String
    ) throws(InputFault) -> String {
        let text = cell.trimmingSpaces
        if Self.isMissing(text) { return "" }
        guard let number = MarkedNumber(text) else { return text }
        let shown = try mark(of: number, field: field)
        guard let plain = number.plain(shown) else {
            throw InputFault(
                field: field, "\(field) \(Quoted.short(text)) is no number",
                hint: mark.map { "Figures of this file have a decimal \($0.rawValue)." })
        }
        let (power, isTooLarge) = number.exponent.addingReportingOverflow(scale)
        if isTooLarge { return text }
        return power == 0 ? plain : "\(plain)e\(power)"
    }

    /// Which mark is the decimal one in a number, by itself or by the file.
    private mutating func mark(
        of number: MarkedNumber, field: String
    ) throws(InputFault) -> DecimalMark {
        guard let shown = number.decimalMark else {
            // One mark alone, with three digits behind it.
            guard let own = number.lonelyMark else { return mark ?? .point }
            if let mark { return mark }
            guard own == .point, isPointUsual else { throw ambiguous(number.text, field) }
            hasTakenPoint = true
            return .point
        }
        if mark != shown, mark != nil || (shown == .comma && hasTakenPoint) {
            let other = (mark ?? .point).rawValue
            throw InputFault(
                field: field,
                "\(field) \(Quoted.short(number.text)) has a decimal \(shown.rawValue), "
                    + (isGiven
                        ? "not the \(other) that --decimal says" : "others of the file a \(other)"),
                hint: isGiven ? nil : "Mend the figure that is written otherwise.")
        }
        mark = shown
        return shown
    }

    private func ambiguous(_ digits: String, _ field: String) -> InputFault {
        let whole = digits.filter { $0 != "," && $0 != "." }
        let broken = digits.replacing(",", with: ".")
        return InputFault(
            field: field, "\(field) \(Quoted.short(digits)) may be \(whole) or \(broken)",
            hint: "Say which: --decimal point, or --decimal comma")
    }
}
