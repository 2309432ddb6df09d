/// What values a field takes, as far as a reader of lines looks: type, shape and size.
///
/// Code lists, calendars, ranges and rules between fields are checked on input only, so that a member with newer code
/// lists is not locked out by an older hub (DESIGN.md section 3).
public enum FieldType: String, Sendable, CaseIterable {
    /// ISO 3166 alpha-3, group and Comtrade codes: `[A-Z0-9_]{2,8}`.
    case area
    /// A code of some list: 1 to 64 bytes.
    case code
    /// `TOTAL` or `classification:code`.
    case product
    /// SDMX TIME_PERIOD.
    case period
    /// EDTF level 0 date.
    case date
    /// Who publishes: `[a-z0-9][a-z0-9._-]*`, at most 64 bytes.
    case source
    /// A name given by us or by another system: 1 to 256 bytes on one line.
    case identifier
    case number
    /// At most 64 KiB.
    case text
    /// A set of text: elements of 1 to 1,024 bytes, at most 1,000 of them.
    case set

    public static let maximumTextBytes = 64 * 1024
    public static let maximumElementBytes = 1024
    public static let maximumElements = 1000

    /// Whether a reader takes `value` for a field of this type; null is taken by all but a set.
    public func accepts(_ value: Value) -> Bool {
        switch (self, value) {
        case (.set, _): return false
        case (_, .null): return true
        case (.number, .number(let number)): return number.isFinite
        case (.number, _): return false
        case (_, .text(let text)): return accepts(text)
        default: return false
        }
    }

    /// Whether a reader takes `text` for a field of this type, or for an element where the type is a set.
    public func accepts(_ text: String) -> Bool {
        switch self {
        case .area: return Shape.isArea(text)
        case .code: return Shape.isLine(text, maximumBytes: 64)
        case .product: return Shape.isProduct(text)
        case .period: return Shape.isPeriod(text)
        case .date: return Shape.isDate(text)
        case .source: return Shape.isSource(text)
        case .identifier: return Shape.isLine(text, maximumBytes: 256)
        case .text: return Shape.isText(text, maximumBytes: Self.maximumTextBytes)
        case .set: return Shape.isLine(text, maximumBytes: Self.maximumElementBytes)
        case .number: return false
        }
    }
}
