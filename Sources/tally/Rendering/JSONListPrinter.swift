import TallyCore
import TallyTerminal
import TallyWire

/// Prints `{"schema":"tally.<command>/v1", …, "<list>":[…]}` element by element, so that a long list is never held whole.
struct JSONListPrinter {
    private let output: Output
    private var isEmpty = true

    init(_ output: Output, _ command: String, _ members: [JSONValue.Member], list: String) {
        self.output = output
        let schema = JSONValue.Member("schema", .string("tally.\(command)/v1"))
        let head = JSONPrinter.text(.object([schema] + members))
        output.write(head.dropLast(2) + ",\n  \(JSONString.quoted(list)): [")
    }

    mutating func append(_ value: JSONValue) {
        output.write((isEmpty ? "\n    " : ",\n    ") + JSONPrinter.text(value, indent: 2))
        isEmpty = false
    }

    func finish() {
        output.print(isEmpty ? "]\n}" : "\n  ]\n}")
    }
}
