import TallyCore
import TallyStore

/// What somebody changed in the form of a record.
public struct FormChanges: Sendable {
    public let input: RecordInput

    public var isEmpty: Bool {
        input.values.isEmpty && input.added.isEmpty && input.removed.isEmpty
    }

    /// - Parameter view: the record of which the form was made.
    /// - Throws: `FormFault` for the first value that is not taken.
    public init(
        _ answers: [FormAnswer], of view: RecordView, kind: Kind, in kinds: KindCatalog
    ) throws(FormFault) {
        var input = RecordInput(kind: kind)
        var lines: [String: Int] = [:]
        for answer in answers {
            guard let field = kind.field(answer.field) else { continue }
            lines[field.name] = answer.line
            do throws(InputFault) {
                switch answer.content {
                case .text(let text): try Self.take(text, field, view, into: &input)
                case .elements(let elements): try Self.take(elements, field, view, into: &input)
                }
            } catch {
                throw FormFault(line: answer.line, error.message, hint: error.hint)
            }
        }
        self.input = input
        do throws(InputFault) {
            try input.check(of: view.address, beside: view.row?.values ?? [:], in: kinds)
        } catch {
            throw FormFault(line: lines[error.field], error.message, hint: error.hint)
        }
    }

    private static func take(
        _ text: String, _ field: Kind.Field, _ view: RecordView, into input: inout RecordInput
    ) throws(InputFault) {
        let before = view.row?.values[field.name] ?? .null
        // What was not touched is not judged: it may be of a newer code list.
        if text.hasSameBytes(as: before.plain) { return }
        let value = try FieldInput(field).value(text)
        if value != before { input.values[field.name] = value }
    }

    private static func take(
        _ elements: [String], _ field: Kind.Field, _ view: RecordView, into input: inout RecordInput
    ) throws(InputFault) {
        let texts = view.row?.sets[field.name] ?? []
        let held = Set(texts.map { Element(field: field.name, text: $0) })
        // What was not touched is not judged: it may be of a newer code list.
        let wanted = try elements.map { (text) throws(InputFault) in
            held.contains(Element(field: field.name, text: text))
                ? text : try FieldInput(field).element(text)
        }
        input.change(field.name, from: texts, to: wanted)
    }
}

extension FormChanges {
    /// A statement that somebody else has changed since the form was made.
    public struct Overtaken: Sendable {
        public let statement: Kind.Statement
        public let before: [Value]
        public let now: [Value]
    }

    /// The changed statements that have become others meanwhile, in the order of the kind. Sets are not among them: elements
    /// that two people add or take out stand beside each other.
    public func overtaken(since old: RecordView, by new: RecordView) -> [Overtaken] {
        input.kind.statements.compactMap { statement in
            let own = statement.fields.filter { input.values[$0] != nil }
            guard !own.isEmpty else { return nil }
            let before = statement.fields.map { old.row?.values[$0] ?? .null }
            let now = statement.fields.map { new.row?.values[$0] ?? .null }
            let conflict = new.conflicts.first { $0.statement == statement.name }
            let isSame =
                now == before && conflict == old.conflicts.first { $0.statement == statement.name }
            // Who typed the same has changed nothing that this would undo.
            let isAlready =
                conflict == nil
                && own.allSatisfy { input.values[$0] == new.row?.values[$0] ?? .null }
            return isSame || isAlready
                ? nil : Overtaken(statement: statement, before: before, now: now)
        }
    }
}
