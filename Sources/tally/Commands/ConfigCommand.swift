import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Config: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Who you are on this machine, and what the team agrees on for a dataset.",
        discussion: """
            author and machine are of this machine; policy KIND.FIELD=POLICY is of the dataset and syncs. policy alone \
            lists what holds for each field; tally list setting lists all that the team has agreed on.
            Example: tally config author mina
            Example: tally config policy trade.value=vintage
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "author, machine or policy; author and machine are shown when none is given.")
    var name: String?

    @Argument(help: "What to set; the present value is shown when none is given.")
    var value: String?

    func run(_ context: CommandContext) throws {
        switch name {
        case nil: try list(context)
        case "policy": try PolicyConfig(value).run(context)
        case let name? where LocalSettings.names.contains { $0.name == name }:
            try set(name, context)
        case let name?:
            throw Failure.usage(
                "There is no setting \(JSONString.quoted(name))",
                hint: Suggestion.question(for: name, among: ["author", "machine", "policy"])
                    ?? "The settings are author, machine and policy.")
        }
    }

    private func list(_ context: CommandContext) throws {
        let settings = try context.settings()
        let workplace = try context.workplace()
        let values = ["author": workplace.author, "machine": workplace.machine]
        if context.isJSON {
            context.print(
                "config", LocalSettings.names.map { .init($0.name, .string(values[$0.name] ?? "")) }
            )
            return
        }
        var table = Table([Table.Column("setting"), .text("value"), .text("meaning")])
        for (name, label) in LocalSettings.names {
            let isDefault = settings[name] == nil
            table.append([
                Table.Cell(name),
                Table.Cell((values[name] ?? "") + (isDefault ? " (not set)" : "")),
                Table.Cell(label, .dim),
            ])
        }
        context.output.print(table)
    }

    private func set(_ name: String, _ context: CommandContext) throws {
        var settings = try context.settings()
        if let value {
            guard Shape.isLine(value, maximumBytes: 256) else {
                throw Failure(
                    "bad-input",
                    "\(name) \(JSONString.quoted(value)) is not one line of 1 to 256 bytes",
                    exitCode: 65)
            }
            try settings.set(name, value)
        }
        let now = settings[name]
        if context.isJSON {
            context.print("config", [.init(name, now.map(JSONValue.string) ?? .null)])
        } else {
            context.output.print("\(name) = \(now.map(Printable.line) ?? "(not set)")")
        }
    }
}

/// `config policy KIND.FIELD=POLICY`: a setting of the dataset, which syncs.
private struct PolicyConfig {
    private let assignment: String?

    init(_ assignment: String?) {
        self.assignment = assignment
    }

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: assignment == nil) { dataset in
            guard let assignment else { return try list(dataset, context) }
            let (address, statement, policy) = try parse(assignment, dataset.kinds)
            let before = try dataset.read { try $0.allConflictIDs() }
            let authoring = Authoring(message: "policy \(statement) = \(policy)")
            let written = try dataset.write(at: context.workplace(), authoring) { editor in
                let view = try editor.reading.view(address)
                guard view.row?.values["value"] != .text(policy) else { return }
                try editor.edit(
                    address,
                    (view.isGone ? [.restore] : [])
                        + [.set(statement: "value", value: [.text(policy)])])
            }
            let after = try dataset.read { try $0.allConflictIDs() }
            if context.isJSON {
                context.print(
                    "config",
                    [
                        .init("policy", .string(statement)),
                        .init("value", .string(policy)),
                        .init("conflicts_before", .number(Double(before.count))),
                        .init("conflicts", .number(Double(after.count))),
                    ])
            } else {
                context.output.print("\(statement) = \(policy)")
                let changes = [
                    ("settles", before.subtracting(after)), ("opens", after.subtracting(before)),
                ].filter { !$0.1.isEmpty }.map { what, ids in
                    "\(what) \(FigureText.count(ids.count, "conflict"))"
                }
                if !changes.isEmpty {
                    context.output.print("This \(changes.joined(separator: " and ")).")
                }
            }
            context.note(written)
        }
    }

    private func parse(
        _ text: String, _ kinds: KindCatalog
    ) throws -> (setting: RecordAddress, statement: String, policy: String) {
        let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
        let parts = (sides.first ?? "").split(separator: ".", maxSplits: 1).map(String.init)
        guard sides.count == 2, parts.count == 2 else {
            throw Failure.usage(
                "\(JSONString.quoted(text)) is not KIND.FIELD=POLICY",
                hint: "As in trade.value=vintage.")
        }
        let kind = try kinds.required(parts[0])
        // Any field of the statement names it here.
        let name = kind.statement(of: parts[1])?.name ?? parts[1]
        let address = RecordAddress(
            kind: "setting", key: RecordKey(["policy.\(kind.name).\(name)"]))
        try PolicyInput.check(.text(sides[1]), of: address.key.parts[0], in: kinds)
        return (address, "\(kind.name).\(name)", sides[1])
    }

    private func list(_ dataset: Dataset, _ context: CommandContext) throws {
        let rows = try dataset.read { access in
            access.kinds.all.filter { $0.name != "setting" }.flatMap { kind in
                kind.statements.map { statement in
                    (
                        "\(kind.name).\(statement.name)",
                        access.policy(of: statement, kind: kind.name)
                    )
                }
            }
        }
        if context.isJSON {
            context.print(
                "config",
                [.init("policies", .object(rows.map { .init($0.0, .string($0.1.rawValue)) }))])
            return
        }
        var table = Table([Table.Column("statement"), Table.Column("policy")])
        for (name, policy) in rows {
            table.append([Table.Cell(name), Table.Cell(policy.rawValue)])
        }
        context.output.print(table)
    }
}
