import Foundation
import Testing

/// Numbers as they are typed (DESIGN.md section 3): kept exactly, or refused.
@Suite struct NumberTests {
    struct Typed: CustomTestStringConvertible, Sendable {
        let text: String
        /// What is exported; nil when it is refused.
        var kept: String?
        var message = ""
        var testDescription: String { text }
    }

    private static let noNumber = "is no number\nWrite digits, as in 124800000000 or 0.5\n"
    private static func digits(_ would: String) -> String {
        "has more digits than can be kept; it would become \(would)\n"
            + "Give at most 15 significant digits.\n"
    }

    static let typed = [
        Typed(text: "NaN", message: noNumber), Typed(text: "nan", message: noNumber),
        Typed(text: "inf", message: noNumber), Typed(text: "-Infinity", message: noNumber),
        Typed(text: "0x10", message: noNumber), Typed(text: "0x1p4", message: noNumber),
        Typed(text: "٣", message: noNumber),
        Typed(text: "1e400", message: "is too large or too small to be kept\n"),
        Typed(text: "-1e400", message: "is too large or too small to be kept\n"),
        Typed(text: "9007199254740993", message: digits("9007199254740992")),
        Typed(text: "0.1000000000000000055", message: digits("0.1")),
        Typed(text: "1 000", message: "is no number\nWrite it without separators: 1000\n"),
        Typed(text: "124.80000000000001", kept: "124.80000000000001"),
        Typed(text: "1e308", kept: "1e+308"), Typed(text: "-0", kept: "0"),
    ]

    @Test("a number is kept exactly or refused, typed and imported", arguments: typed)
    func number(_ typed: Typed) throws {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        let key = ["KOR", "CHN", "X", "TOTAL", "2023", "kosis"]
        let names = ["reporter", "partner", "flow", "product", "period", "source"]
        let fields = zip(names, key).map { "\($0)=\($1)" }
        try mina.write(
            "\(names.joined(separator: ",")),value\n\(key.joined(separator: ",")),\(typed.text)\n",
            to: "new.csv")
        let imported = try mina.tally("import", "new.csv", "--dry-run")
        let added = try mina.tally(["add", "trade"] + fields + ["value=\(typed.text)"])
        guard let kept = typed.kept else {
            #expect(added.status == 65)
            #expect(added.errors == "tally: value \"\(typed.text)\" \(typed.message)")
            #expect(imported.status == 65)
            let reason = typed.message.prefix { $0 != "\n" }
            #expect(imported.errors.contains("new.csv, row 2: value \"\(typed.text)\" \(reason)"))
            #expect(try mina.export().isEmpty)
            return
        }
        #expect(added.status == 0 && imported.status == 0, "\(added.errors)\(imported.errors)")
        #expect(try mina.export().contains("\"value\":\(kept),"))
    }
}
