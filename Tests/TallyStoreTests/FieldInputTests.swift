import TallyCore
import TallyStore
import Testing

/// What a person or a file gives for one field, and the words in which it is refused.
struct FieldInputTests {
    private func input(_ name: String) throws -> FieldInput {
        let (kind, field) = try #require(
            name.split(separator: ".").map(String.init).pair.flatMap { pair in
                KindCatalog.shipped[pair.0].map { ($0, pair.1) }
            })
        return FieldInput(try #require(kind.field(field)))
    }

    @Test(
        "a field takes what is meant",
        arguments: [
            ("trade.value", "124800000000", Value.number(124.8e9)),
            ("trade.value", " 124.80 ", .number(124.8)), ("trade.value", "-0", .number(0)),
            ("trade.value", "1.5e3", .number(1500)), ("trade.value", "", .null),
            ("trade.value", "9007199254740992", .number(9_007_199_254_740_992)),
            ("trade.value", "0.1", .number(0.1)), ("trade.unit", " EUR ", .text("EUR")),
            ("trade.unit", "  ", .null), ("trade.status", "P", .text("P")),
            ("trade.note", " spaces stay ", .text(" spaces stay ")),
            ("trade.note", "a\r\nb", .text("a\nb")), ("trade.note", "e\u{301}", .text("\u{e9}")),
            ("event.title", "한국", .text("한국")), ("event.date", "2024-02-29", .text("2024-02-29")),
            ("event.date", "2023", .text("2023")), ("event.latitude", "-90", .number(-90)),
            ("event.country", "SUN", .text("SUN")), ("event.country", "XKX", .text("XKX")),
        ])
    func value(_ name: String, _ text: String, _ expected: Value) throws {
        let value = try input(name).value(text)
        #expect(value == expected)
        // Text is equal by bytes, so this says NFC.
        #expect(value.text?.unicodeScalars.count == expected.text?.unicodeScalars.count)
    }

    @Test(
        "a field refuses the rest, and says what to do",
        arguments: [
            (
                "trade.value", "many", #"value "many" is no number"#,
                "Write digits, as in 124800000000 or 0.5"
            ),
            (
                "trade.value", "124,800,000,000", #"value "124,800,000,000" is no number"#,
                "Write it without separators: 124800000000"
            ),
            (
                "trade.value", "1 000", #"value "1 000" is no number"#,
                "Write it without separators: 1000"
            ),
            (
                "trade.value", "9007199254740993",
                #"value "9007199254740993" has more digits than can be kept; it would become "#
                    + "9007199254740992",
                "Give at most 15 significant digits."
            ),
            (
                "trade.value", "1e400", #"value "1e400" is too large or too small to be kept"#, nil
            ),
            (
                "trade.value", "nan", #"value "nan" is no number"#,
                "Write digits, as in 124800000000 or 0.5"
            ),
            ("event.latitude", "90.5", #"latitude "90.5" is not from -90 to 90"#, nil),
            (
                "event.country", "KRO", #"country "KRO" is not in the code list area"#,
                "Did you mean FRO (Faroe Islands), KOR (South Korea)? All: tally codes area"
            ),
            (
                "event.country", "kor",
                #"country "kor" is not an area code, as KOR, CHN or WLD"#,
                "Did you mean KOR (South Korea)?"
            ),
            (
                "event.country", "QQQQQQ", #"country "QQQQQQ" is not in the code list area"#,
                "See the codes with: tally codes area"
            ),
            (
                "event.type", "meetng", #"type "meetng" is not in the code list event_type"#,
                "Did you mean meeting (Meeting of officials)? All: tally codes event_type"
            ),
            (
                "event.date", "2023-02-29", #"date "2023-02-29" is a date that does not exist"#,
                "That month has 28 days."
            ),
            (
                "event.date", "23.9.2023",
                #"date "23.9.2023" is not a date: 2023, 2023-09 or 2023-09-23"#, nil
            ),
            (
                "event.date", "2023-13",
                #"date "2023-13" is not a date: 2023, 2023-09 or 2023-09-23"#, nil
            ),
            (
                "trade.released", "soon",
                #"released "soon" is not a date: 2023, 2023-09 or 2023-09-23"#, nil
            ),
            (
                "trade.note", "bell\u{7}",
                #"note "bell\u0007" is not text of at most 64 KiB without control characters"#, nil
            ),
            (
                "event.source", "KOSIS",
                #"source "KOSIS" is not a source: lower-case letters, digits, dots, dashes, "#
                    + "as in kosis", nil
            ),
        ] as [(String, String, String, String?)])
    func refused(_ name: String, _ text: String, _ message: String, _ hint: String?) throws {
        let input = try input(name)
        #expect(throws: InputFault(field: input.field.name, message, hint: hint)) {
            try input.value(text)
        }
    }

    @Test(
        "a period is what SDMX says, written plainly",
        arguments: [
            ("2023", "2023"), ("2023-A1", "2023"), ("2023-M12", "2023-12"), ("2023-Q4", "2023-Q4"),
            ("2023-W53", "2023-W53"), (" 2023-12-31 ", "2023-12-31"),
            ("2021-05-01/P10D", "2021-05-01/P10D"), ("2023-Q5", nil), ("2023-W60", nil),
            ("12023-A1", nil), ("2023-02-30", nil), ("2021-02-30/P10D", nil), ("Q4 2023", nil),
            ("", nil),
        ] as [(String, String?)])
    func period(_ text: String, _ expected: String?) throws {
        let input = try input("trade.period")
        if let expected {
            #expect(try input.keyPart(text) == expected)
        } else {
            #expect(throws: InputFault.self) { try input.keyPart(text) }
        }
    }

    @Test(
        "a product is checked for its shape only",
        arguments: [
            ("TOTAL", true), ("H6:850760", true), ("H6:0401", true), ("S4:7", true),
            ("ZZ:nobody-knows", true), ("850760", false), ("H6:", false), (":850760", false),
            ("H6:85 07", false),
        ])
    func product(_ text: String, _ isTaken: Bool) throws {
        let input = try input("trade.product")
        if isTaken {
            #expect(try input.keyPart(text) == text)
        } else {
            let fault = #expect(throws: InputFault.self) { try input.keyPart(text) }
            #expect(
                fault?.message.hasSuffix(
                    "is not a product: TOTAL, or classification:code as in H6:850760") == true)
        }
    }

    @Test("a key part that is missing, and an element that is empty, are named")
    func empty() throws {
        let reporter = try input("trade.reporter")
        #expect(
            throws: InputFault(
                field: "reporter", "reporter is missing",
                hint: "It is part of the key: who reports.")
        ) { try reporter.keyPart("  ") }
        let tags = try input("trade.tags")
        #expect(throws: InputFault(field: "tags", "an element of tags is empty")) {
            try tags.element(" ")
        }
        #expect(try tags.element(" a b ") == "a b")
        let long = String(repeating: "x", count: 1025)
        let fault = #expect(throws: InputFault.self) { try tags.element(long) }
        #expect(
            fault?.message
                == "tags \"\(String(repeating: "x", count: 60))…\" is not an element of at most 1 KiB"
                + " on one line")
    }
}

extension [String] {
    fileprivate var pair: (String, String)? { count == 2 ? (self[0], self[1]) : nil }
}
