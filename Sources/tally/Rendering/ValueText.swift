import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// Values as people read them.
enum ValueText {
    /// A number with thousands separators, text on one line, `-` for nothing.
    static func of(_ value: Value?) -> String {
        switch value {
        case nil, .null: return "-"
        case .number(let number): return FigureText.grouped(number)
        case .text(let text), .opaque(let text): return Printable.line(text)
        }
    }

    static func of(_ content: FieldContent) -> String {
        switch content {
        case .value(let value): return of(value)
        case .elements(let elements): return self.elements(elements)
        }
    }

    /// `mina@laptop 13:57`
    static func signature(_ info: RevisionInfo, _ context: CommandContext) -> String {
        let when = TimeText.moment(info.at.milliseconds, nowMs: context.nowMs, clock: .system)
        return "\(name(info)) \(when)"
    }

    static func name(_ info: RevisionInfo) -> String {
        "\(Printable.line(info.author))@\(Printable.line(info.machine))"
    }

    static func elements(_ elements: [String]) -> String {
        elements.isEmpty ? "-" : elements.map(Printable.line).joined(separator: "; ")
    }
}

extension FieldContent {
    var json: JSONValue {
        switch self {
        case .value(let value): return value.json
        case .elements(let elements): return .array(elements.map(JSONValue.string))
        }
    }
}
