import ArgumentParser
import TallyCore
import TallyFormats
import TallyStore

/// `field=value`, `field+=element` or `field-=element`, as a person types it.
struct Assignment: ExpressibleByArgument {
    enum Operator: String {
        case set = "="
        case add = "+="
        case remove = "-="
    }

    let field: String
    let operation: Operator
    let text: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
            return nil
        }
        var field = argument[..<equals]
        switch field.last {
        case "+": operation = .add
        case "-": operation = .remove
        default: operation = .set
        }
        if operation != .set { field.removeLast() }
        guard !field.isEmpty else { return nil }
        self.field = String(field)
        text = String(argument[argument.index(after: equals)...])
    }

    static let help: ArgumentHelp =
        "field=value; field+=element and field-=element for a set; field= for nothing."
}

extension RecordInput {
    /// - Throws: `InputFault` naming the field and the value that is not taken.
    init(_ assignments: [Assignment], kind: Kind, current: [String: [String]] = [:])
        throws(InputFault)
    {
        self.init(kind: kind)
        for assignment in assignments {
            guard let field = kind.field(assignment.field), !kind.isKeyField(assignment.field)
            else {
                throw Self.unknown(assignment, kind: kind)
            }
            let input = FieldInput(field)
            switch (field.type, assignment.operation) {
            case (.set, .set):
                let wanted = try assignment.elements.map { (text) throws(InputFault) in
                    try input.element(text)
                }
                change(field.name, from: current[field.name] ?? [], to: wanted)
            case (.set, let operation):
                let elements = try assignment.elements.map { (text) throws(InputFault) in
                    Element(field: field.name, text: try input.element(text))
                }
                if operation == .add { added += elements } else { removed += elements }
            case (_, .set):
                guard values[field.name] == nil else {
                    throw InputFault(field: field.name, "\(field.name) is given twice")
                }
                values[field.name] = try input.value(assignment.text)
            default:
                throw InputFault(
                    field: field.name, "\(field.name) is no set: += and -= are for sets",
                    hint: "Write \(field.name)=VALUE.")
            }
        }
        if let both = added.first(where: removed.contains) {
            throw InputFault(
                field: both.field,
                "\(both.field) would add and remove \(JSONString.quoted(both.text))")
        }
    }

    private static func unknown(_ assignment: Assignment, kind: Kind) -> InputFault {
        if kind.isKeyField(assignment.field) {
            return InputFault(
                field: assignment.field, "\(assignment.field) is part of the key and cannot be set",
                hint: "Give the record another key with: tally rename RECORD "
                    + "\(assignment.field)=VALUE")
        }
        return InputFault(
            field: assignment.field,
            "\(kind.name) has no field \(JSONString.quoted(assignment.field))",
            hint: Suggestion.question(for: assignment.field, among: kind.fields.map(\.name))
                ?? "See the fields with: tally kinds \(kind.name)")
    }
}

extension Assignment {
    /// The elements of a set, separated by `;`.
    fileprivate var elements: [String] { ElementList.split(text) }
}
