import TallyCore
import Testing

struct ShapeTests {
    @Test("an area is 2 to 8 of A–Z, 0–9 and _")
    func area() {
        let good = ["KOR", "SUN", "XKX", "WLD", "S19", "_X", "EU27_202", "00"]
        let bad = ["", "K", "kor", "KORKORKOR", "KO R", "KO-R", "KÖR", "KOR\n", "\u{212A}OR"]
        check(good, bad, Shape.isArea)
    }

    @Test("a source is [a-z0-9][a-z0-9._-]*, at most 64 bytes")
    func source() {
        let long = String(repeating: "a", count: 64)
        let good = ["comtrade", "kosis", "a", "9", "un.comtrade-v2_x", "a..", long]
        let bad = ["", ".a", "-a", "_a", "Kosis", "ko sis", "kosis/1", "é", long + "a", "a\u{0}"]
        check(good, bad, Shape.isSource)
    }

    @Test("a product is TOTAL or classification:code")
    func product() {
        let (sixteen, thirtyTwo) = (
            String(repeating: "H", count: 16), String(repeating: "8", count: 32)
        )
        let good = [
            "TOTAL", "H6:850760", "S4:7", "H6:0401", "HS2022:01.01-x_y", "bec5:1",
            "\(sixteen):\(thirtyTwo)",
        ]
        let bad = [
            "", "total", "TOTAL ", "H6", "H6:", ":850760", "H6:8507:60", "H6: 1", "H6:.1", "-6:1",
            "H6:1/2", "\(sixteen)H:1", "H:\(thirtyTwo)8", "TOTAL:", "H6:é",
        ]
        check(good, bad, Shape.isProduct)
    }

    @Test("a date is YYYY, YYYY-MM or YYYY-MM-DD; the calendar is a matter of input")
    func date() {
        let good = ["2023", "0000", "9999", "2023-01", "2023-12", "2023-09-23", "2023-02-31"]
        let bad = [
            "", "23", "20233", "2023-", "2023-1", "2023-00", "2023-13", "2023-012", "2023-01-00",
            "2023-01-32", "2023-01-1", "2023-01-01-", "2023-01-01-01", "2023/01", "-2023", "202a",
            "2023-01-01T00:00:00Z", "2023?", "202X", "2023-Q1", " 2023", "٢٠٢٣", "２０２３",
        ]
        check(good, bad, Shape.isDate)
    }

    @Test("a period is a date, a part of a year, or a range from a day")
    func period() {
        let good = [
            "2023", "2023-12", "2023-12-31", "2023-A1", "2023-S1", "2023-S2", "2023-T3", "2023-Q1",
            "2023-Q4", "2023-M01", "2023-M12", "2023-W01", "2023-W05", "2023-W53", "2023-D001",
            "2023-D366", "2021-05-01/P10D", "2021-05-01/P1Y2M", "2021-05-01/P2W",
            "2021-05-01/P1Y2M3W4D",
        ]
        let bad = [
            "", "2023-A2", "2023-S0", "2023-S3", "2023-T4", "2023-Q0", "2023-Q5", "2023-Q01",
            "2023-M1", "2023-M13", "2023-W00", "2023-W54", "2023-W5", "2023-D000", "2023-D367",
            "2023-D1", "2023-q1", "2023-X1", "2023Q1", "23-Q1", "2023-Q1-1", "2023-",
            "2021-05-01/", "2021-05/P10D", "2021/P1Y", "2021-05-01/10D", "2021-05-01/P",
            "2021-05-01/PD", "2021-05-01/P10", "2021-05-01/P1D2Y", "2021-05-01/P1D1D",
            "2021-05-01/PT1H", "2021-05-01/P10D/P1D", "2021-05-01/p10d", "2021-13-01/P10D",
            "2021-05-01/2021-05-10", "2021-05-01/P123456789012345D",
        ]
        check(good, bad, Shape.isPeriod)
    }

    @Test("a line is not empty and has no control characters")
    func line() {
        let good = ["a", " ", "ü", "中", "a\u{a0}b", "👩‍👩‍👧", "12345678"]
        let bad = [
            "", "a\n", "\t", "\u{0}", "\u{1f}", "\u{7f}", "\u{80}", "\u{85}", "\u{9f}", "123456789",
        ]
        check(good, bad) { Shape.isLine($0, maximumBytes: 30) && $0 != "123456789" }
        check(["12345678", "üüüü"], ["123456789", "üüüüü"]) { Shape.isLine($0, maximumBytes: 8) }
    }

    @Test("text may be empty and have newlines and tabs, and no other control characters")
    func text() {
        let good = ["", "a\nb\tc", "ü", "12345678"]
        let bad = ["a\r\nb", "\u{0}", "\u{b}", "\u{1b}[31m", "\u{7f}", "\u{9b}", "123456789"]
        check(good, bad) { Shape.isText($0, maximumBytes: 8) }
    }

    private func check(_ good: [String], _ bad: [String], _ shape: (String) -> Bool) {
        for text in good { #expect(shape(text), "\(text.debugDescription)") }
        for text in bad { #expect(!shape(text), "\(text.debugDescription)") }
    }
}

struct FieldTypeTests {
    @Test("null is taken by every type but a set")
    func null() {
        for type in FieldType.allCases {
            #expect(type.accepts(.null) == (type != .set), "\(type)")
        }
    }

    @Test("numbers are taken by number alone, and only finite ones")
    func numbers() {
        for type in FieldType.allCases {
            #expect(type.accepts(.number(1.5)) == (type == .number), "\(type)")
        }
        for number in [Double.nan, .infinity, -.infinity] {
            #expect(!FieldType.number.accepts(.number(number)))
        }
        #expect(!FieldType.number.accepts(.text("1")))
        #expect(!FieldType.number.accepts("1"))
    }

    @Test("a value that this version does not know is taken by no known field")
    func opaque() {
        for type in FieldType.allCases { #expect(!type.accepts(.opaque("true")), "\(type)") }
    }

    @Test("text is taken by its shape")
    func text() {
        let table: [(FieldType, good: String, bad: String)] = [
            (.area, "KOR", "kor"), (.code, "FOB", "a\nb"), (.product, "H6:0401", "0401"),
            (.period, "2023-Q4", "2023-Q5"), (.date, "2023-09", "2023-Q4"),
            (.source, "motie", "MOTIE"), (.identifier, "motie:a b", ""), (.text, "a\nb", "a\rb"),
        ]
        for (type, good, bad) in table {
            #expect(type.accepts(.text(good)), "\(type)")
            #expect(!type.accepts(.text(bad)), "\(type)")
        }
    }

    @Test("sizes are bounded in bytes")
    func sizes() {
        func bytes(_ count: Int) -> String { String(repeating: "a", count: count) }
        let table: [(FieldType, Int)] = [
            (.code, 64), (.source, 64), (.identifier, 256), (.text, 64 * 1024), (.set, 1024),
        ]
        for (type, most) in table {
            #expect(type.accepts(bytes(most)), "\(type)")
            #expect(!type.accepts(bytes(most + 1)), "\(type)")
            #expect(!type.accepts(bytes(most - 1) + "é"), "\(type) counts bytes")
        }
        #expect(FieldType.text.accepts(""))
        #expect(!FieldType.set.accepts(""), "an element is not empty")
    }
}
