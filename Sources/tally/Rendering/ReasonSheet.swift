import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// Why a field holds what it holds.
struct ReasonSheet {
    private let view: RecordView
    private let field: String
    private let reason: ValueReason?
    /// Of a set field: its elements.
    private let elements: [(element: String, info: RevisionInfo)]?
    /// What the record says of where it comes from: fields that name a source.
    private let sources: [(name: String, value: String)]
    private let citations: [String]

    init(_ field: String, of view: RecordView, in access: DatasetAccess) throws {
        self.view = view
        self.field = field
        let kind = access.kinds[view.address.kind]
        let contents = try access.contents(of: view)
        if case .elements? = contents[field] {
            elements = try access.elements(of: field, in: view)
        } else {
            elements = kind?.field(field)?.type == .set ? [] : nil
        }
        reason = try elements == nil ? access.reason(of: field, in: view) : nil
        let key = zip(kind?.key ?? [], view.address.key.parts)
            .filter { $0.0.type == .source }.map { ($0.0.name, $0.1) }
        let others = (kind?.fields ?? []).filter { $0.type == .source && $0.name != field }
            .compactMap { source -> (String, String)? in
                guard case .value(.text(let text))? = contents[source.name] else { return nil }
                return (source.name, text)
            }
        sources = key + others
        if field != "citations", case .elements(let found)? = contents["citations"] {
            citations = found
        } else {
            citations = []
        }
    }

    private var position: Int? { reason?.statement.fields.firstIndex(of: field) }

    var json: [JSONValue.Member] {
        let now = reason?.now
        let value = elements.map { JSONValue.array($0.map { .string($0.element) }) }
        return [
            .init("record", .string(view.address.text)), .init("field", .string(field)),
            .init("value", value ?? now.flatMap { position.map($0.content.at) }?.json ?? .null),
            .init("written", now.map(json) ?? .null),
            .init(
                "elements",
                .array(
                    (elements ?? []).map { element, info in
                        .object([.init("element", .string(element))] + Self.json(info))
                    })),
            .init("replaced", reason?.replaced.map(json) ?? .null),
            .init(
                "overruled",
                .array(
                    (reason?.overruled ?? []).map(json))),
            .init("taken", reason?.taken.map(json) ?? .null),
            .init("settled_by", reason?.policy.map { .string($0.rawValue) } ?? .null),
            .init("beaten", .array((reason?.beaten ?? []).map(json))),
            .init("conflict", reason?.conflict.map { .string($0.id.text) } ?? .null),
            .init(
                "sources",
                .object(sources.map { JSONValue.Member($0.name, .string($0.value)) })),
            .init("citations", .array(citations.map(JSONValue.string))),
        ]
    }

    private func json(_ stated: ValueReason.Stated) -> JSONValue {
        let statement = reason?.statement ?? Kind.Statement(fields: [field])
        let value = Conflict.Content.values(stated.content).json(of: statement) ?? .null
        return .object([.init("value", value)] + Self.json(stated.info))
    }

    private func json(_ side: ValueReason.Side) -> JSONValue {
        .object([.init("letter", .string(side.letter))] + (json(side.stated).object ?? []))
    }

    private static func json(_ info: RevisionInfo) -> [JSONValue.Member] {
        [
            .init("author", .string(info.author)), .init("machine", .string(info.machine)),
            .init("at", .string(info.at.text)),
            .init("revision", .string(info.revision.description)),
            .init("message", info.message.map(JSONValue.string) ?? .null),
            .init("import", .bool(info.isImport)),
        ]
    }

    func print(_ context: CommandContext) {
        context.output.print(Printable.line(view.address.text))
        var table = Table(
            [Table.Column(""), Table.Column("", isFlexible: true, minimumWidth: 30)], indent: 2)
        for (name, text) in lines(context) {
            table.append([Table.Cell(name, .bold), Table.Cell(text)])
        }
        context.output.print(table)
        if let conflict = reason?.conflict {
            context.output.note(ConflictText.pointer(conflict))
        }
        if reason == nil, elements?.isEmpty ?? true {
            context.output.note("Nobody has written \(Printable.line(field)) here")
        }
    }

    private func lines(_ context: CommandContext) -> [(String, String)] {
        var lines: [(String, String)] = []
        for (index, element) in (elements ?? []).enumerated() {
            lines.append((index == 0 ? field : "", element.element))
            lines.append(("", "by " + deed(element.info, context)))
        }
        if let reason, let position {
            lines.append((field, ValueText.of(reason.now.content[position])))
            if reason.statement.fields.count > 1 {
                lines.append(("stated", ResolutionText.content(.values(reason.now.content))))
            }
            lines.append(("by", deed(reason.now.info, context)))
            lines += reason.taken.map { [("took", text($0, context))] } ?? []
            lines += reason.overruled.map { ("overruled", text($0, context)) }
            lines += reason.replaced.map { [("replaced", text($0, context))] } ?? []
            lines += reason.beaten.map { beaten in
                ("policy", "\(reason.policy?.rawValue ?? "") beat " + text(beaten, context))
            }
        } else if elements?.isEmpty ?? true {
            lines.append((field, "-"))
        }
        lines += sources
        lines += citations.enumerated().map { ($0 == 0 ? "citations" : "", $1) }
        return lines
    }

    private func text(_ side: ValueReason.Side, _ context: CommandContext) -> String {
        "\(side.letter) " + text(side.stated, context)
    }

    private func text(_ stated: ValueReason.Stated, _ context: CommandContext) -> String {
        ResolutionText.content(.values(stated.content)) + ", " + deed(stated.info, context)
    }

    /// `mina@laptop 13:57, by hand (k3m9x2:8) “customs, final”`
    private func deed(_ info: RevisionInfo, _ context: CommandContext) -> String {
        let way = info.isImport ? "imported" : "by hand"
        let why = info.message.map { " “\($0)”" } ?? ""
        return "\(ValueText.signature(info, context)), \(way) (\(info.revision.short))\(why)"
    }
}

extension [Value] {
    fileprivate func at(_ position: Int) -> Value { self[position] }
}
