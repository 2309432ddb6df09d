import TallyCore
import TallyStore

/// Puts events together from what a file says of them.
///
/// The id is `source:id of the publisher`; `--source NAME` names another source.
struct EventRows {
    let kind: Kind
    private let source: String
    private let isSourceGiven: Bool
    private let inputs: [String: FieldInput]
    private let constants: RowConstants

    /// - Parameter header: for the names of columns in messages.
    init(
        _ layout: EventLayout, _ header: TableHeader, _ context: MappingContext
    ) throws(FormatError) {
        let event = try context.eventKind(for: layout.format)
        kind = event
        inputs = Dictionary(
            uniqueKeysWithValues: (event.key + event.fields).map { field in
                let column = layout.figures[field.name]?.compactMap { header.index($0) }.min()
                return (field.name, FieldInput(field.called(column.map { header.names[$0] })))
            })
        constants = try context.constants(
            of: event, besides: ["id"] + EventLayout.commonFields + layout.fields,
            source: layout.source)
        let given = context.options.constants["source"]
        source = given ?? layout.source
        isSourceGiven = given != nil
    }

    /// - Parameters:
    ///   - id: of the publisher.
    ///   - isOwn: whether it is an id of Tally already (see `RecordID`), which then says the source too.
    ///   - fields: texts by field; an empty one is null.
    ///   - sets: elements by field; empty ones are left out.
    func record(
        id: String, isOwn: Bool = false, _ fields: [(name: String, text: String)],
        _ sets: [(name: String, elements: [String])]
    ) throws(InputFault) -> RowRecord {
        var input = constants.input
        if isOwn, !isSourceGiven {
            input.values["source"] = RecordID.source(of: id).map { .text($0) }
        }
        for (name, text) in fields { input.values[name] = try self.input(name).value(text) }
        for (name, elements) in sets {
            for text in elements where !text.isEmpty {
                try input.add(Element(field: name, text: try self.input(name).element(text)))
            }
        }
        let key = RecordKey([try self.input("id").keyPart(isOwn ? id : "\(source):\(id)")])
        return RowRecord(kind: kind, key: key, change: .put(input))
    }

    private func input(_ name: String) -> FieldInput {
        guard let input = inputs[name] else { preconditionFailure("event has no field \(name)") }
        return input
    }
}

extension Kind.Field {
    /// With the name that a file has for it, for messages.
    fileprivate func called(_ name: String?) -> Kind.Field {
        Kind.Field(
            name: name ?? self.name, type: type, codes: codes, standard: standard, range: range,
            label: label)
    }
}
