import TallyCore
import TallySimulator
import Testing

struct NumberTextTests {
    @Test(
        "numbers are printed as ECMAScript prints them",
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (-1, "-1"), (124_800_000_000, "124800000000"),
            (124.80, "124.8"), (0.1, "0.1"), (-0.1, "-0.1"), (0.5, "0.5"), (100, "100"),
            (1.5e300, "1.5e+300"), (0x1p63, "9223372036854776000"),
            (-0x1p63, "-9223372036854776000"), (1e21, "1e+21"), (1.2e21, "1.2e+21"),
            (-1e21, "-1e+21"),
            (1e20, "100000000000000000000"), (1.2345678901234568e20, "123456789012345680000"),
            (9.999999999999999e20, "999999999999999900000"), (1e15, "1000000000000000"),
            (999_999_999_999_999, "999999999999999"), (1e16, "10000000000000000"),
            (9_007_199_254_740_991, "9007199254740991"),
            (9_007_199_254_740_992, "9007199254740992"),
            (0.000001, "0.000001"), (0.0000012, "0.0000012"), (1e-7, "1e-7"), (1.2e-7, "1.2e-7"),
            (-1e-7, "-1e-7"), (0.00001, "0.00001"), (0.1 + 0.2, "0.30000000000000004"),
            (1.0 / 3, "0.3333333333333333"), (Double.leastNonzeroMagnitude, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (2.2250738585072014e-308, "2.2250738585072014e-308"), (1e23, "1e+23"),
            (4.35, "4.35"), (1234.5678, "1234.5678"), (-1234.5, "-1234.5"), (12e-1, "1.2"),
        ] as [(Double, String)])
    func printed(number: Double, text: String) {
        #expect(NumberText.of(number) == text)
    }

    @Test("what is printed reads back to the same number")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 6)
        var count = 0
        while count < 5000 {
            let number =
                count % 2 == 0
                ? Double(bitPattern: random.next())
                : Double(random.number(in: -1_000_000_000...1_000_000_000)) / 1000
            guard number.isFinite else { continue }
            count += 1
            let text = NumberText.of(number)
            #expect(try NumberText.read(text) == number, "\(text)")
            #expect(!text.hasSuffix(".0") && !text.hasSuffix("."), "\(text)")
        }
    }

    @Test(
        "up to 15 significant digits are read, however they are written",
        arguments: [
            ("0", 0), ("-0", 0), ("0.000", 0), ("00012", 12), ("12.5000", 12.5), ("1.", 1),
            (".5", 0.5), ("+5", 5), ("-5", -5), ("1e3", 1000), ("1E+3", 1000), ("1e-3", 0.001),
            ("123456789012345", 123_456_789_012_345), ("0.123456789012345", 0.123456789012345),
            ("123456789012345000000", 1.23456789012345e20),
            ("1.5e308", 1.5e308), ("0e99", 0), ("000000000000000000000000001", 1),
            ("0.1000000000000000000000000000", 0.1),
        ] as [(String, Double)])
    func fewDigits(text: String, number: Double) throws {
        let read = try NumberText.read(text)
        #expect(read == number)
        #expect(read.sign == number.sign, "−0 is 0")
    }

    @Test(
        "more digits are read where they are the shortest text of their number",
        arguments: [
            "0.30000000000000004", "9007199254740991", "9007199254740992", "1.7976931348623157e308",
            "17976931348623157e292", "0.3333333333333333", "2.2250738585072014e-308",
            "-0.30000000000000004", "0.300000000000000040", "123456789012345680000",
        ])
    func shortest(text: String) throws {
        #expect(try NumberText.read(text) == Double(text))
    }

    @Test(
        "digits that a double does not hold are refused, not rounded in silence",
        arguments: [
            ("9007199254740993", 9_007_199_254_740_992),
            ("0.1000000000000000055511151231257827", 0.1),
            ("0.30000000000000005", 0.30000000000000004),
            ("1234567890123456789", 1_234_567_890_123_456_768),
            ("3.14159265358979323846", 3.141592653589793), ("0.33333333333333333", 1.0 / 3),
        ] as [(String, Double)])
    func notExact(text: String, nearest: Double) {
        #expect(throws: NumberText.Refusal.notExact(nearest: nearest)) {
            try NumberText.read(text)
        }
    }

    @Test(
        "what is no number is refused",
        arguments: [
            "", " ", "-", "+", ".", "e5", "1e", "1e+", "1e+-5", "--1", "1-", "1 ", " 1", "1,000",
            "1_000", "1.2.3", "0x10", "0x1p3", "inf", "Infinity", "-inf", "nan", "NaN", "١٢", "1f",
            "1e5.5", "1e-9223372036854775808", "1e9223372036854775808", "1\u{0}", "½", "1e١",
        ])
    func notANumber(text: String) {
        #expect(throws: NumberText.Refusal.notANumber) { try NumberText.read(text) }
    }

    @Test(
        "what is larger or smaller than any double is refused",
        arguments: ["1e999", "-1e999", "1e309", "1.8e308", "1e-400", "-1e-99999"])
    func outOfRange(text: String) {
        #expect(throws: NumberText.Refusal.outOfRange) { try NumberText.read(text) }
    }
}
