import TallyCore
import TallyStore

extension HistorySpace {
    /// The simulator's own space, with the kind that policies are kept in.
    public static let awkward: HistorySpace = {
        let kinds = figures.kinds.all + [KindCatalog.shipped["setting"]].compactMap { $0 }
        return HistorySpace(kinds: KindCatalog(kinds), scenes: figures.scenes)
    }()

    /// Trade and event as they ship, and a field of each that a newer version has.
    public static let shipped = HistorySpace(kinds: .shipped, scenes: [trade, event])

    private static let trade = Scene(
        kind: "trade",
        keys: ["2023", "2024"].map { RecordKey(["KOR", "CHN", "X", "TOTAL", $0, "motie"]) },
        statements: [
            Choice(
                fields: ["value", "unit", "valuation", "status", "released", "confidentiality"],
                values: [
                    [
                        .number(124.8e9), .text("USD"), .text("FOB"), .text("P"),
                        .text("2024-01-01"), .null,
                    ],
                    [.number(124.8e9), .text("USD"), .null, .text("A"), .text("2024-03"), .null],
                    [.number(-0.0), .text("USD"), .null, .null, .null, .null],
                    [.null, .null, .null, .null, .null, .null],
                ]),
            Choice(
                fields: ["quantity", "quantity_unit", "quantity_status"],
                values: [[.number(7), .text("t"), .null], [.null, .null, .text("E")]]),
            Choice(fields: ["net_weight_kg"], values: [[.number(0.1)], [.number(1e21)], [.null]]),
            Choice(fields: ["note"], values: [[.text("")], [.text("a\n\"b\"\t;")], [.null]]),
            Choice(fields: ["novelty"], values: [[.opaque("[1,{}]")], [.text("n")], [.null]]),
        ],
        elements: [
            Element(field: "tags", text: "a;b"), Element(field: "tags", text: "ü"),
            Element(field: "citations", text: "https://example.org/?a=\"1\""),
        ])

    private static let event = Scene(
        kind: "event", keys: [RecordKey(["motie:7/1"])],
        statements: [
            Choice(
                fields: ["date", "end_date"],
                values: [
                    [.text("2023-09-23"), .null], [.text("2023"), .text("2024")], [.null, .null],
                ]),
            Choice(
                fields: ["latitude", "longitude"],
                values: [[.number(37.57), .number(126.98)], [.null, .null]]),
            Choice(fields: ["title"], values: [[.text("Visit")], [.text("visit")], [.null]]),
        ],
        elements: [
            Element(field: "actors", text: "KOR"), Element(field: "actors", text: "CHN"),
            Element(field: "kin", text: "x"),
        ])
}
