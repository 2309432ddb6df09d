import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// A record as `show` prints it: field, value, and who wrote it.
struct RecordSheet {
    private let view: RecordView
    private let kind: Kind?
    private let lines: [Line]

    private struct Line {
        let field: String
        let value: JSONValue
        let text: String
        /// What the code is called.
        var name: String?
        /// Who wrote the statement that the field is of.
        let info: RevisionInfo?
        let isInConflict: Bool
        /// The policy that settled concurrent versions, and how many it beat.
        let settled: (policy: Policy, count: Int)?
    }

    init(_ view: RecordView, in access: DatasetAccess) throws {
        self.view = view
        let kind = access.kinds[view.address.kind]
        self.kind = kind
        var lines: [Line] = []
        for field in kind?.fields ?? [] {
            if field.type == .set {
                let elements = view.row?.sets[field.name] ?? []
                lines.append(try Self.line(field.name, elements, view, access))
            } else {
                let value = view.row?.values[field.name]
                var line = try Self.line(field.name, value, view, access)
                line.name = CodeText.name(of: value, field: field)
                lines.append(line)
            }
        }
        for (name, value) in view.unknownValues(of: kind).sorted(by: { $0.key < $1.key }) {
            let line = try Self.line(name, value, view, access)
            if !value.isNull || line.isInConflict { lines.append(line) }
        }
        for (name, elements) in view.unknownSets(of: kind).sorted(by: { $0.key < $1.key }) {
            lines.append(try Self.line(name, elements, view, access))
        }
        self.lines = lines
    }

    private static func line(
        _ field: String, _ value: Value?, _ view: RecordView, _ access: DatasetAccess
    ) throws -> Line {
        let kind = view.address.kind
        let statement = access.kinds.statement(field, ofKind: kind)
        let verdict = try access.verdict(of: statement, in: view)
        let policy = access.policy(of: statement, kind: kind)
        return Line(
            field: field, value: value?.json ?? .null, text: ValueText.of(value),
            info: try verdict.map { try access.info(of: $0.winner.revision) },
            isInConflict: verdict?.isConflict ?? false,
            settled: verdict.flatMap { $0.beaten.isEmpty ? nil : (policy, $0.beaten.count) })
    }

    private static func line(
        _ field: String, _ elements: [String], _ view: RecordView, _ access: DatasetAccess
    ) throws -> Line {
        Line(
            field: field, value: .array(elements.map(JSONValue.string)),
            text: ValueText.elements(elements), info: try latest(of: field, view, access),
            isInConflict: false, settled: nil)
    }

    private static func latest(
        of field: String, _ view: RecordView, _ access: DatasetAccess
    ) throws -> RevisionInfo? {
        try view.state.elements.filter { $0.key.field == field }.flatMap(\.value)
            .map { try access.info(of: $0.revision) }.max { $0.at < $1.at }
    }

    var json: [JSONValue.Member] {
        [
            .init("record", .string(view.address.text)), .init("kind", .string(view.address.kind)),
            .init("key", .array(view.address.key.parts.map(JSONValue.string))),
            .init(
                "fields",
                .array(
                    lines.map { line in
                        [
                            "field": .string(line.field), "value": line.value,
                            "author": line.info.map { .string($0.author) } ?? .null,
                            "machine": line.info.map { .string($0.machine) } ?? .null,
                            "at": line.info.map { .string($0.at.text) } ?? .null,
                            "revision": line.info.map { .string($0.revision.description) } ?? .null,
                            "conflict": .bool(line.isInConflict),
                            "settled_by": line.settled.map { .string($0.policy.rawValue) } ?? .null,
                        ]
                    })),
            .init("names", .object(names)),
            .init("conflicts", .array(view.conflicts.map { .string($0.id.text) })),
        ]
    }

    /// What the codes of the key and of the fields are called.
    private var names: [JSONValue.Member] {
        let key = zip(kind?.key ?? [], view.address.key.parts).compactMap { field, part in
            CodeName.of(part, field: field).map { JSONValue.Member(field.name, .string($0)) }
        }
        return key
            + lines.compactMap { line in line.name.map { .init(line.field, .string($0)) } }
    }

    /// - Parameter moment: when the record was so; nil for now.
    func print(_ context: CommandContext, all: Bool, at moment: NamedMoment? = nil) {
        let time = moment.map { "  at \($0.name)" } ?? ""
        context.output.print(Printable.line(view.address.text) + time)
        if let names = CodeText.names(of: view.address.key, kind: kind) {
            context.output.printDim(names, indent: 2, maximumLines: 3)
        }
        var table = Table(
            [
                Table.Column("field"), Table.Column("value", isFlexible: true, minimumWidth: 20),
                Table.Column("by"), Table.Column("when"), Table.Column(""),
            ], indent: 2)
        for line in lines where all || line.text != "-" || line.isInConflict {
            let mark =
                line.isInConflict
                ? "in conflict"
                : all ? line.settled.map { "\($0.policy.rawValue) beat \($0.count)" } ?? "" : ""
            table.append([
                Table.Cell(line.field),
                Table.Cell(line.name.map { "\(line.text) (\($0))" } ?? line.text),
                Table.Cell(line.info.map(ValueText.name) ?? "", .dim),
                Table.Cell(
                    line.info.map { TimeText.age(of: $0.at.milliseconds, nowMs: context.nowMs) }
                        ?? "", .dim),
                Table.Cell(mark, .yellow),
            ])
        }
        context.output.print(table)
        // A conflict of the past may be settled now.
        guard moment == nil else { return }
        for conflict in view.conflicts {
            context.output.note(ConflictText.pointer(conflict))
        }
    }
}
