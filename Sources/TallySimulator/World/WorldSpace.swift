import TallyCore
import TallyStore

/// What the people of a world write about: the kinds that ship, and those of a newer version beside them.
enum WorldSpace {
    /// The version of the kind descriptions of a copy.
    enum Version: Int, Sendable, CaseIterable {
        case shipped, newer

        var kinds: KindCatalog { self == .shipped ? .shipped : WorldSpace.newer }
        var space: HistorySpace { self == .shipped ? shippedSpace : newerSpace }
    }

    /// Fields of the shipped kinds that only a newer version has, and a kind of its own.
    private static let newer: KindCatalog = {
        let kinds = KindCatalog.shipped.all.map { kind in
            guard kind.name == "event" else { return kind }
            let added = [
                Kind.Field(name: "certainty", type: .number),
                Kind.Field(name: "certainty_by", type: .text),
                Kind.Field(name: "witnesses", type: .set),
            ]
            return Kind(
                name: kind.name, key: kind.key, fields: kind.fields + added,
                statements: kind.statements.filter { $0.fields.count > 1 }
                    + [Kind.Statement(fields: ["certainty", "certainty_by"])],
                indexes: kind.indexes, rules: kind.rules, derivedKey: kind.derivedKey)
        }
        let rate = Kind(
            name: "rate", key: [Kind.Field(name: "currency", type: .code)],
            fields: [
                Kind.Field(name: "per_dollar", type: .number),
                Kind.Field(name: "tags", type: .set),
            ])
        return KindCatalog(kinds + [rate])
    }()

    private static let shippedSpace: HistorySpace = {
        let scenes = HistorySpace.shipped.scenes.map { scene in
            HistorySpace.Scene(
                kind: scene.kind, keys: scene.keys,
                statements: scene.statements.filter { $0.fields != ["novelty"] }
                    .map { statement in
                        // Text without a character is no value, as every input has it.
                        HistorySpace.Choice(
                            fields: statement.fields,
                            values: statement.values.filter { !$0.contains(.text("")) })
                    },
                elements: scene.elements.filter { $0.field != "kin" })
        }
        return HistorySpace(kinds: .shipped, scenes: scenes)
    }()

    private static let newerSpace: HistorySpace = {
        var scenes = shippedSpace.scenes.map { scene in
            guard scene.kind == "event" else { return scene }
            return HistorySpace.Scene(
                kind: scene.kind, keys: scene.keys,
                statements: scene.statements + [
                    HistorySpace.Choice(
                        fields: ["certainty", "certainty_by"],
                        values: [
                            [.number(0.5), .text("mina")], [.number(1), .text("mina")],
                            [.number(0.5), .null], [.number(1), .null], [.null, .null],
                        ])
                ], elements: scene.elements + [Element(field: "witnesses", text: "a")])
        }
        scenes.append(
            HistorySpace.Scene(
                kind: "rate", keys: [RecordKey(["KRW"])],
                statements: [
                    HistorySpace.Choice(
                        fields: ["per_dollar"], values: [[.number(1300)], [.number(1310)]])
                ], elements: [Element(field: "tags", text: "a")]))
        return HistorySpace(kinds: newer, scenes: scenes)
    }()
}
