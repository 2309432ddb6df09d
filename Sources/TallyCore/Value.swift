/// A value of a field.
///
/// Numbers are finite and equal by value (−0 is 0); text is equal by its bytes. `opaque` holds the JSON text of a value
/// of a field that this version does not know, so that it can be kept and handed on.
public enum Value: Sendable {
    case null
    case number(Double)
    case text(String)
    case opaque(String)

    public var isNull: Bool {
        if case .null = self { return true }
        return false
    }

    public var number: Double? {
        if case .number(let number) = self { return number }
        return nil
    }

    public var text: String? {
        if case .text(let text) = self { return text }
        return nil
    }

    /// The value as plain text: a number as `NumberText` prints it, nothing for null.
    public var plain: String {
        switch self {
        case .null: return ""
        case .number(let number): return NumberText.of(number)
        case .text(let text), .opaque(let text): return text
        }
    }
}

extension Value: Hashable {
    public static func == (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.null, .null): return true
        case (.number(let x), .number(let y)): return x == y
        case (.text(let x), .text(let y)), (.opaque(let x), .opaque(let y)):
            return x.hasSameBytes(as: y)
        default: return false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .number(let number):
            hasher.combine(1)
            hasher.combine(number)
        case .text(let text):
            hasher.combine(2)
            text.hashBytes(into: &hasher)
        case .opaque(let text):
            hasher.combine(3)
            text.hashBytes(into: &hasher)
        }
    }
}
