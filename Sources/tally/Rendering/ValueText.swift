import TallyCore
import TallyStore
import TallyTerminal

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

    static func name(_ info: RevisionInfo) -> String {
        "\(Printable.line(info.author))@\(Printable.line(info.machine))"
    }

    static func elements(_ elements: [String]) -> String {
        elements.isEmpty ? "-" : elements.map(Printable.line).joined(separator: "; ")
    }
}
