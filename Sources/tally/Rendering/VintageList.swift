import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// Every figure that a record has had, by the date under which it was published.
struct VintageList {
    private let address: RecordAddress
    private let vintages: [Vintage]

    /// - Parameter moment: nil for all that is known now.
    init(_ address: RecordAddress, at moment: NamedMoment?, in access: DatasetAccess) throws {
        self.address = address
        guard access.kinds[address.kind]?.statements.contains(where: { $0.vintage != nil }) == true
        else {
            throw StoreError(
                .badInput, "Records of \(JSONString.quoted(address.kind)) have no vintages",
                hint: "See what they have held with: tally history \(address)")
        }
        vintages = try access.vintages(of: access.history(of: address)) {
            moment?.moment.contains($0.info) ?? true
        }
    }

    var json: [JSONValue.Member] {
        [
            .init("record", .string(address.text)),
            .init(
                "vintages",
                .array(
                    vintages.map { vintage in
                        [
                            "vintage": vintage.date.json,
                            "value": Conflict.Content.values(vintage.content)
                                .json(of: vintage.statement) ?? .null,
                            "author": .string(vintage.info.author),
                            "machine": .string(vintage.info.machine),
                            "at": .string(vintage.info.at.text),
                            "revision": .string(vintage.info.revision.description),
                            "message": vintage.info.message.map(JSONValue.string) ?? .null,
                            "import": .bool(vintage.info.isImport),
                            "in_force": .bool(vintage.isInForce),
                        ]
                    })),
        ]
    }

    func print(_ context: CommandContext, at moment: NamedMoment? = nil) {
        let time = moment.map { "  at \($0.name)" } ?? ""
        context.output.print(Printable.line(address.text) + time)
        guard let statement = vintages.first?.statement else {
            return context.output.note("It has never had a figure")
        }
        // The fields that any of them has, the date first.
        let fields = statement.fields.indices.filter { index in
            index != statement.vintage && vintages.contains { !$0.content[index].isNull }
        }
        var table = Table(
            [Table.Column(statement.vintage.map { statement.fields[$0] } ?? "")]
                + fields.map {
                    Table.Column(
                        statement.fields[$0], alignment: $0 == 0 ? .right : .left)
                } + [
                    Table.Column("by"), Table.Column("when"), .text("why", minimumWidth: 12),
                    Table.Column(""),
                ], indent: 2)
        for vintage in vintages {
            table.append(
                [Table.Cell(ValueText.of(vintage.date))]
                    + fields.map { Table.Cell(ValueText.of(vintage.content[$0])) } + [
                        Table.Cell(ValueText.name(vintage.info), .dim),
                        Table.Cell(
                            TimeText.age(
                                of: vintage.info.at.milliseconds, nowMs: context.nowMs), .dim),
                        Table.Cell(vintage.info.message ?? "", .dim),
                        Table.Cell(vintage.isInForce ? "in force" : "", .green),
                    ])
        }
        context.output.print(table)
    }
}
