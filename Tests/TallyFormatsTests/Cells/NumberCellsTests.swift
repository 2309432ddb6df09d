import TallyCore
import TallyStore
import Testing

@testable import TallyFormats

struct NumberCellsTests {
    /// What becomes of the cells of one file, in order; `!` before a refusal.
    private func plain(
        _ cells: [String], mark: DecimalMark? = nil, isPointUsual: Bool = true, scale: Int = 0
    ) -> [String] {
        var numbers = NumberCells(mark: mark, isPointUsual: isPointUsual)
        return cells.map { cell in
            do throws(InputFault) {
                return try numbers.plain(cell, scale: scale, field: "value")
            } catch { return "!" + error.message }
        }
    }

    @Test("numbers of files with a comma between cells")
    func usual() {
        #expect(
            plain(["1", "-2.5", "1.187", "1e6", "1,187.5", "-1,187", "12,345,678", " 7 ", "+3"])
                == ["1", "-2.5", "1.187", "1e6", "1187.5", "-1187", "12345678", "7", "3"])
        #expect(
            plain(["1 187.5", "1\u{202f}187", "1’187", "\u{2212}5"]) == [
                "1187.5", "1187", "1187", "-5",
            ])
        #expect(plain(["", "NA", "-", ":", "..", "n/d"]) == ["", "", "", "", "", "n/d"])
    }

    @Test("a figure that may be two numbers is refused until another shows the mark")
    func ambiguous() {
        #expect(
            plain(["1,187", "8,427.5", "1,187"]) == [
                "!value \"1,187\" may be 1187 or 1.187", "8427.5", "1187",
            ])
        #expect(plain(["12,4", "1,187", "1.187"]) == ["12.4", "1.187", "1187"])
        #expect(
            plain(["1.187", "8.2779", "1.187"], isPointUsual: false)
                == ["!value \"1.187\" may be 1187 or 1.187", "8.2779", "1.187"])
        #expect(plain(["1,187", "1.187"], mark: .comma) == ["1.187", "1187"])
        #expect(plain(["1,187", "1.187"], mark: .point) == ["1187", "1.187"])
        #expect(plain(["0,187", "1.187.000"]) == ["0.187", "1187000"])
    }

    @Test("a figure that goes against those before it is refused")
    func contradiction() {
        #expect(
            plain(["1,187.5", "1.187,5"]) == [
                "1187.5", "!value \"1.187,5\" has a decimal comma, others of the file a point",
            ])
        #expect(
            plain(["1,187.5", "12,4"]) == [
                "1187.5", "!value \"12,4\" has a decimal comma, others of the file a point",
            ])
        #expect(plain(["1,18,7"]) == ["!value \"1,18,7\" is no number"])
    }

    @Test(
        "what is no number is given back as it is, and nothing is made of it",
        arguments: [
            "12e", "1187 e", "1e5p", "1 18", "12 345 6", "--5", "1.2.3,4,5", "0x10", "12%",
            "(1,234)", "1e99999999", "٣",
            "1e9223372036854775807", ".", ",", "-", "5-",
        ])
    func noNumbers(_ cell: String) {
        let result = plain([cell], scale: 3)
        #expect(result == [cell == "-" ? "" : cell] || result[0].hasPrefix("!"))
    }

    @Test("a point that was taken for the decimal one, and a comma that shows otherwise")
    func lonelyPoint() {
        #expect(
            plain(["1.187", "1.187,5"]) == [
                "1.187", "!value \"1.187,5\" has a decimal comma, others of the file a point",
            ])
        #expect(plain(["1187.5", "1,187"]) == ["1187.5", "1187"])
    }

    @Test("what one figure shows is known of those before it, when the file was looked through")
    func learning() throws {
        var numbers = NumberCells(mark: nil, isPointUsual: true)
        let isOpen = ["1.234", "567", "2.345.678"].map { numbers.learn(from: $0) }
        #expect(isOpen == [true, true, false])
        #expect(try numbers.plain("1.234", field: "value") == "1234")
        #expect(numbers.remarks.isEmpty)
        var silent = NumberCells(mark: nil, isPointUsual: true)
        #expect(try silent.plain("1.234", field: "value") == "1.234")
        #expect(silent.remarks.count == 1)
    }

    @Test("a scale moves the point, and no digit is lost")
    func scale() throws {
        #expect(
            plain(["1187.5", "0.1", "124817682", "1e3"], scale: 6) == [
                "1187.5e6", "0.1e6", "124817682e6", "1e9",
            ])
        let field = try #require(KindCatalog.shipped["trade"]?.field("value"))
        #expect(try FieldInput(field).value("1187.5e6") == .number(1_187_500_000))
        #expect(try FieldInput(field).value("0.123456789012345e9") == .number(123_456_789.012345))
    }

    @Test("an exponent beyond all numbers is given back to be refused")
    func hugeExponent() throws {
        var numbers = NumberCells(mark: .point, isPointUsual: true)
        let text = "1e9223372036854775807"
        #expect(try numbers.plain(text, scale: 3, field: "value") == text)
    }
}
