import TallyCore
import TallyStore
import TallyTerminal

/// What codes are called, for people.
enum CodeText {
    /// The name of a value; nil where it has none, or one that says the same.
    static func name(of value: Value?, field: Kind.Field) -> String? {
        guard case .text(let code) = value, let name = CodeName.of(code, field: field),
            name.lowercased() != code.lowercased()
        else { return nil }
        return name
    }

    /// `South Korea – China · Export · All commodities`; nil where nothing in the key is a code.
    static func names(of key: RecordKey, kind: Kind?) -> String? {
        var text = ""
        var wasArea = false
        for (field, part) in zip(kind?.key ?? [], key.parts) {
            guard let name = CodeName.of(part, field: field) else { continue }
            let isArea = field.type == .area
            if !text.isEmpty { text += isArea && wasArea ? " – " : " · " }
            text += name
            wasArea = isArea
        }
        return text.isEmpty ? nil : text
    }
}

extension Output {
    /// Prints what may be skipped, in as many lines as it takes in the terminal, at most `maximumLines`.
    func printDim(_ text: String, indent: Int = 0, maximumLines: Int) {
        var lines = [Printable.line(text)]
        if let width = terminal.outputWidth {
            lines = DisplayWidth.wrapped(
                lines[0], to: max(20, width - indent), maximumLines: maximumLines)
        }
        for line in lines {
            print(
                String(repeating: " ", count: indent)
                    + Style.dim.applied(to: line, color: terminal.colorsOutput))
        }
    }
}
