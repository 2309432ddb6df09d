import Foundation
import TallyCore
import TallySimulator
import TallyWire
import Testing

private func read(_ text: String) throws(JSONFault) -> Double {
    var reader = JSONReader(Array(text.utf8))
    let number = try reader.readNumber()
    try reader.expectEnd()
    return number
}

private func readSeq(_ text: String) -> Int? {
    var reader = JSONReader(Array(text.utf8))
    guard let seq = try? reader.readSeq(), (try? reader.expectEnd()) != nil else { return nil }
    return seq
}

struct JSONNumberTests {
    @Test(
        "a number is the nearest double, and −0 is 0",
        arguments: [
            ("0", 0), ("-0", 0), ("-0.0", 0), ("-0e5", 0), ("0e999999999", 0), ("-1e-400", 0),
            ("1e-400", 0), ("1", 1), ("-1", -1), ("1.248e11", 124_800_000_000), ("1E2", 100),
            ("1e+2", 100), ("1e-2", 0.01), ("100.00", 100), ("0.1", 0.1), ("-124.80", -124.8),
            ("9007199254740991", 9_007_199_254_740_991),
            ("9007199254740992", 9_007_199_254_740_992),
            ("9007199254740993", 9_007_199_254_740_992),
            ("-9007199254740993", -9_007_199_254_740_992),
            ("9007199254740995", 9_007_199_254_740_996), ("1e22", 1e22), ("1e23", 1e23),
            ("5e-324", Double.leastNonzeroMagnitude),
            ("2.4703282292062328e-324", Double.leastNonzeroMagnitude), ("2.47032822920623e-324", 0),
            ("1.7976931348623157e308", Double.greatestFiniteMagnitude),
            ("2.2250738585072011e-308", Double.leastNormalMagnitude.nextDown),
            ("0.000000000000000000000000000000000001", 1e-36), ("0.30000000000000004", 0.1 + 0.2),
            ("123456789012345678901234567890", 0x1.8ee90ff6c373ep+96),
        ] as [(String, Double)])
    func numbers(text: String, number: Double) throws {
        let read = try read(text)
        #expect(read == number)
        #expect(read.sign == number.sign)
    }

    @Test(
        "what is not a JSON number, or larger than any double, is refused",
        arguments: [
            ("", "expected a value"), ("-", "expected a value"), ("+1", "expected a value"),
            (".5", "expected a value"), ("-.5", "expected a value"), ("- 1", "expected a value"),
            ("01", "a number starts with a needless 0"),
            ("00", "a number starts with a needless 0"),
            ("-01", "a number starts with a needless 0"), ("--1", "expected a value"),
            ("1.", "a number has no digits after the point"),
            ("1.e5", "a number has no digits after the point"),
            ("1e", "a number has no digits in its exponent"),
            ("1e+", "a number has no digits in its exponent"),
            ("1e1.5", "something stands after the end"),
            ("1_000", "something stands after the end"),
            ("0x1p3", "something stands after the end"), ("1,5", "something stands after the end"),
            ("NaN", "expected a value"), ("Infinity", "expected a value"),
            ("-Infinity", "expected a value"), ("inf", "expected a value"),
            ("١", "expected a value"),
            ("1e400", "the number 1e400 is out of range"),
            ("-1e309", "the number -1e309 is out of range"),
            ("1.7976931348623159e308", "the number 1.7976931348623159e308 is out of range"),
        ])
    func refused(text: String, reason: String) {
        let fault = #expect(throws: JSONFault.self) { try read(text) }
        #expect(fault?.reason == reason)
    }

    @Test("numbers of any length are rounded as strtod rounds them")
    func rounding() throws {
        var random = SeededGenerator(seed: 52)
        func digits(_ count: Int) -> String {
            String((0..<count).map { _ in Character(String(random.below(10))) })
        }
        for round in 0..<20_000 {
            let lead = random.chance(percent: 20) ? "0" : "\(random.number(in: 1...9))"
            var text = random.chance(percent: 20) ? "-" : ""
            text +=
                lead == "0"
                ? lead : lead + digits(random.below(random.chance(percent: 10) ? 40 : 18))
            if random.chance(percent: 60) { text += "." + digits(random.number(in: 1...24)) }
            if random.chance(percent: 40) {
                text += random.pick(["e", "E", "e+", "e-"]) + String(random.below(330))
            }
            let expected = strtod(text, nil)
            let number = try? read(text)
            if expected.isFinite {
                #expect(number == expected, "seed 52, round \(round): \(text)")
            } else {
                #expect(number == nil, "seed 52, round \(round): \(text)")
            }
        }
    }

    @Test("numbers halfway between two doubles are rounded as strtod rounds them")
    func halfway() throws {
        var random = SeededGenerator(seed: 53)
        for round in 0..<5000 {
            let mantissa = (UInt64(1) << 53) + random.next() >> 11
            let text =
                "\(mantissa * 2 + 1)"
                + random.pick(["", ".0", ".5", "e0", "e-3", "0000", ".00001"])
            #expect(try read(text) == strtod(text, nil), "seed 53, round \(round): \(text)")
        }
    }

    @Test("what a double is written as reads back to the same double")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 54)
        for _ in 0..<5000 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            #expect(try read(JSONValue.number(number).text) == number, "seed 54: \(number)")
        }
    }

    @Test("a seq is a plain integer up to 2^53 − 1")
    func seqs() {
        let taken = [("0", 0), ("1", 1), (" 7", 7), ("9007199254740991", 9_007_199_254_740_991)]
        for (text, seq) in taken { #expect(readSeq(text) == seq, "\(text)") }
        let refused = [
            "", "-1", "-0", "+1", "1.0", "1e0", "01", "9007199254740992", "9007199254740993",
            "10000000000000000", "18446744073709551617", "99999999999999999999999", "\"1\"", "null",
            "true", "[1]",
        ]
        for text in refused { #expect(readSeq(text) == nil, "\(text)") }
    }
}
