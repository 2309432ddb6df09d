/// How a piece of text looks on a terminal that shows colour.
///
/// A set, so `[.bold, .red]` is bold red. Of two colours the later in the order below wins.
///
/// - Source: ECMA-48, Select Graphic Rendition.
public struct Style: OptionSet, Sendable, Hashable {
    /// A bit for each style, in the order below.
    public let rawValue: UInt16

    /// The set of the styles whose bits are set.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// No style: text as it is.
    public static let plain: Style = []
    /// For what matters: headers, names, totals.
    public static let bold = Style(rawValue: 1 << 0)
    /// For what may be skipped: units, unchanged values, ids.
    public static let dim = Style(rawValue: 1 << 1)
    /// For links and titles.
    public static let underlined = Style(rawValue: 1 << 2)
    /// Errors, deletions.
    public static let red = Style(rawValue: 1 << 3)
    /// Success, additions.
    public static let green = Style(rawValue: 1 << 4)
    /// Warnings, conflicts.
    public static let yellow = Style(rawValue: 1 << 5)
    /// Side A of a comparison.
    public static let blue = Style(rawValue: 1 << 6)
    /// Side B of a comparison.
    public static let magenta = Style(rawValue: 1 << 7)
    /// Addresses, records.
    public static let cyan = Style(rawValue: 1 << 8)

    /// `text` in this style; `text` itself without colour, without style or when it is empty.
    ///
    /// - Parameter color: ``Terminal/colorsOutput`` or ``Terminal/colorsErrors``.
    public func applied(to text: String, color: Bool) -> String {
        if !color || isEmpty || text.isEmpty { return text }
        return opening + text + Style.closing
    }

    /// The sequence that turns the style on.
    var opening: String {
        let codes = Style.codes.indices.filter { rawValue & (1 << $0) != 0 }
        return "\u{1B}[" + codes.map { Style.codes[$0] }.joined(separator: ";") + "m"
    }

    /// The sequence that turns every style off.
    static let closing = "\u{1B}[0m"

    /// SGR parameters by bit.
    private static let codes = ["1", "2", "4", "31", "32", "33", "34", "35", "36"]
}
