import TallyCore
import TallyStore
import TallyWire

/// What stands in a form, as it was typed: see ``RecordForm``.
public struct FormAnswer: Sendable, Equatable {
    public let field: String
    /// From 1.
    public let line: Int
    public var content: Content

    public enum Content: Sendable, Equatable {
        case text(String)
        case elements([String])
    }
}

/// Why a form cannot be read or taken, and where.
public struct FormFault: Error, Equatable, Sendable {
    /// From 1; nil where it is about no one line.
    public let line: Int?
    public let message: String
    public let hint: String?

    public init(line: Int?, _ message: String, hint: String? = nil) {
        (self.line, self.message, self.hint) = (line, message, hint)
    }

    public var text: String { (line.map { "line \($0): " } ?? "") + message }
}

/// Reads the lines of a form.
public struct FormReader {
    private let kind: Kind
    private var answers: [FormAnswer] = []
    /// How many lines with `|` have followed the last field; nil where none may, as behind a text on its own line.
    private var textLines: Int?

    /// - Throws: `FormFault` for the first line that cannot be read.
    public static func answers(_ bytes: [UInt8], kind: Kind) throws(FormFault) -> [FormAnswer] {
        var reader = FormReader(kind: kind)
        var bytes = bytes[...]
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
        let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line.first != UInt8(ascii: "#") {
            let number = index + 1
            guard let text = String(validating: line, as: UTF8.self) else {
                throw FormFault(
                    line: number, "it is not UTF-8", hint: "Save the file in UTF-8.")
            }
            try reader.take(text.withoutSpaceAtEnd, number)
        }
        return reader.answers
    }

    private init(kind: Kind) {
        self.kind = kind
    }

    private mutating func take(_ line: String, _ number: Int) throws(FormFault) {
        let text = line.withoutSpaceAtStart
        switch text.unicodeScalars.first {
        case nil: return
        case "|": try goOn(String(text.unicodeScalars.dropFirst()), number)
        case "-": try element(String(text.unicodeScalars.dropFirst()), number)
        default: try field(text, number)
        }
    }

    private mutating func field(_ line: String, _ number: Int) throws(FormFault) {
        let scalars = line.unicodeScalars
        guard let equals = scalars.firstIndex(of: "=") else {
            throw Self.unreadable(line, number)
        }
        let name = String(scalars[..<equals]).withoutSpaceAtEnd
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isOfName) else {
            throw Self.unreadable(line, number)
        }
        guard let field = kind.field(name), !kind.isKeyField(name) else {
            throw unknown(name, number)
        }
        if answers.contains(where: { $0.field == name }) {
            throw FormFault(
                line: number, "\(name) stands there twice", hint: "Leave one of the two lines.")
        }
        let value = String(scalars[scalars.index(after: equals)...]).withoutSpaceAtStart
        if field.type == .set {
            guard value.isEmpty else {
                throw FormFault(
                    line: number, "\(name) is a set, whose elements stand on lines of their own",
                    hint: "Write each below, as: - ELEMENT")
            }
            answers.append(FormAnswer(field: name, line: number, content: .elements([])))
        } else {
            textLines = value.isEmpty ? 0 : nil
            answers.append(
                FormAnswer(field: name, line: number, content: .text(try read(value, number))))
        }
    }

    private mutating func goOn(_ rest: String, _ number: Int) throws(FormFault) {
        let line = rest.unicodeScalars.first == " " ? String(rest.unicodeScalars.dropFirst()) : rest
        guard case .text(let text) = answers.last?.content, let count = textLines else {
            throw FormFault(
                line: number, "a line with | goes on with no text",
                hint: "Write it below FIELD =, with nothing behind the =.")
        }
        answers[answers.count - 1].content = .text(count == 0 ? line : text + "\n" + line)
        textLines = count + 1
    }

    private mutating func element(_ rest: String, _ number: Int) throws(FormFault) {
        guard let last = answers.last, case .elements(var elements) = last.content else {
            throw FormFault(
                line: number, "a line with - is of no set",
                hint:
                    "Write it below the line of a set; a text that begins with - goes behind | or =."
            )
        }
        let text = rest.withoutSpaceAtStart
        guard !text.isEmpty else {
            throw FormFault(
                line: number, "an element of \(last.field) is empty", hint: "Take the line out.")
        }
        elements.append(try read(text, number))
        answers[answers.count - 1].content = .elements(elements)
    }

    private func read(_ text: String, _ number: Int) throws(FormFault) -> String {
        guard text.unicodeScalars.first == "\"" else { return text }
        if let value = try? JSONValue(parsing: Array(text.utf8)), let string = value.string {
            return string
        }
        throw FormFault(
            line: number,
            "what begins with a double quote is read as JSON, and this is no JSON string",
            hint: "Put all of it in quotes, with \\\" for a quote inside.")
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            return true
        default: return false
        }
    }

    private static func unreadable(_ line: String, _ number: Int) -> FormFault {
        let shown = line.count > 60 ? String(line.prefix(60)) + "…" : line
        return FormFault(
            line: number, "\(JSONString.quoted(shown)) is no field = value",
            hint: "Text of several lines has | before each line, a comment has # before it.")
    }

    private func unknown(_ name: String, _ number: Int) -> FormFault {
        if kind.isKeyField(name) {
            return FormFault(
                line: number, "\(name) is part of the key and cannot be changed here",
                hint: "Give the record another key with: tally rename RECORD \(name)=VALUE")
        }
        return FormFault(
            line: number, "\(kind.name) has no field \(JSONString.quoted(name))",
            hint: Suggestion.question(for: name, among: kind.fields.map(\.name))
                ?? "See the fields with: tally kinds \(kind.name)")
    }
}

extension String {
    fileprivate var withoutSpaceAtStart: String {
        String(unicodeScalars.drop { $0.properties.isWhitespace })
    }

    fileprivate var withoutSpaceAtEnd: String {
        var rest = unicodeScalars[...]
        while let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
