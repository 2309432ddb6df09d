import Foundation
import Testing

/// What a hurried user does wrong with `rename`, `merge` and `set --where`.
@Suite struct RecordMistakeTests {
    struct Mistake: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let arguments: [String]
        let status: Int32
        let errors: String

        init(_ name: String, _ arguments: [String], _ status: Int32, _ errors: String) {
            (testDescription, self.arguments, self.status, self.errors) = (
                name, arguments, status, errors
            )
        }
    }

    static let mistakes = [
        Mistake(
            "rename to a key that is there", ["rename", Desk.kosis, "source=motie"], 65,
            "tally: \(Desk.motie) is there already; nothing was renamed\n"
                + "If both are one record: tally merge \(Desk.motie) \(Desk.kosis)\n"),
        Mistake(
            "add what is there",
            [
                "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL",
                "period=2023", "source=kosis", "value=1",
            ], 65,
            "tally: \(Desk.kosis) is there already; it was left as it is\n"
                + "Change it with: tally set \(Desk.kosis) field=value\n"),
        Mistake(
            "rename by a field that is no key", ["rename", Desk.kosis, "value=1"], 65,
            "tally: value is no part of the key of trade\nThe key is reporter, partner, flow, product, "
                + "period, source; change a field with: tally set \(Desk.kosis) value=VALUE\n"),
        Mistake(
            "rename by a field that is none", ["rename", Desk.kosis, "sorce=x"], 65,
            "tally: trade has no key field \"sorce\"\nDid you mean source?\n"),
        Mistake(
            "rename to the same key", ["rename", Desk.kosis, "source=kosis"], 65,
            "tally: \(Desk.kosis) has that key already; nothing was written\n"
                + "Name a key field that is to change: reporter, partner, flow, product, period, source.\n"
        ),
        Mistake(
            "rename to no area", ["rename", Desk.kosis, "partner=CHX"], 65,
            "tally: partner \"CHX\" is not in the code list area\n"
                + "Did you mean CHE (Switzerland), CHL (Chile), CHN (China)? All: tally codes area\n"
        ),
        Mistake(
            "rename to nothing", ["rename", Desk.kosis, "source="], 65,
            "tally: source is missing\n"
                + "It is part of the key: who publishes: comtrade, kosis, motie ….\n"),
        Mistake(
            "rename with a control character", ["rename", "event/a b", "id=x\u{7}"], 65,
            "tally: id \"x\\u0007\" is not an id of at most 256 bytes on one line\n"),
        Mistake(
            "rename what is not there", ["rename", "event/zzz", "id=a"], 66,
            "tally: There is no record event/zzz\nSee what there is with: tally list event\n"),
        Mistake(
            "rename what was deleted", ["rename", "event/gone", "id=a"], 66,
            "tally: event/gone was deleted\nBring it back with: tally restore event/gone\n"
                + "See what it held with: tally history event/gone\n"),
        Mistake(
            "why of what was deleted", ["why", "event/gone", "title"], 66,
            "tally: event/gone was deleted\nBring it back with: tally restore event/gone\n"
                + "See what it held with: tally history event/gone\n"),
        Mistake(
            "vintages of what was deleted", ["show", "event/gone", "--vintages"], 66,
            "tally: event/gone was deleted\nBring it back with: tally restore event/gone\n"
                + "See what it held with: tally history event/gone\n"),
        Mistake(
            "edit what is not there", ["edit", "event/zzz"], 66,
            "tally: There is no record event/zzz\nSee what there is with: tally list event\n"),
        Mistake(
            "merge with itself", ["merge", "event/a", "event/a b"], 65,
            "tally: event/a b and the duplicate are the same record\n"
                + "Name the one to keep, then the one to delete.\n"),
        Mistake(
            "merge two kinds", ["merge", Desk.kosis, "event/a"], 65,
            "tally: \(Desk.kosis) and event/a b are of two kinds; only records of one can be merged\n"
                + "Look at both: tally show RECORD\n"),
        Mistake(
            "merge what is not there", ["merge", Desk.kosis, "trade/KOR/CHN/X/TOTAL/2023/x"], 66,
            "tally: There is no record trade/KOR/CHN/X/TOTAL/2023/x\n"
                + "See what there is with: tally list trade\n"),
        Mistake(
            "set a kind", ["set", "trade", "status=A"], 64,
            "tally: trade is a kind; which of its records?\n"
                + "Say --where SQL, as in --where \"period = '2023'\"; all of them: --where 1\n"),
        Mistake(
            "set with a condition that is none",
            ["set", "trade", "--where", "foo = 1", "status=A"],
            65,
            "tally: --where: SQLite: no such column: foo\nIt is SQL over the columns, author and at, "
                + "as in \"period = '2023' AND value > 1e9\".\n"),
        Mistake(
            "set with more than a condition",
            ["set", "trade", "--where", "1); DELETE FROM trade; --", "status=A"], 65,
            "tally: --where: SQL: the condition closes a bracket that it has not opened\nIt is SQL over the columns, author and at, "
                + "as in \"period = '2023' AND value > 1e9\".\n"),
        Mistake(
            "set a key field of many", ["set", "trade", "--where", "1", "source=x"], 65,
            "tally: source is part of the key and cannot be set\n"
                + "Give the record another key with: tally rename RECORD source=VALUE\n"),
        Mistake(
            "set many of no kind", ["set", "trad", "--where", "1", "status=A"], 65,
            "tally: There is no kind \"trad\"\nDid you mean trade? The kinds are event, setting, trade.\n"
        ),
    ]

    @Test("a mistake has a message, an exit code, and changes nothing", arguments: mistakes)
    func mistake(_ mistake: Mistake) throws {
        let desk = try Desk { mina in
            try mina.must(
                "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL",
                "period=2023", "source=motie", "value=1")
            for id in ["a b", "gone"] { try mina.must("add", "event", "id=\(id)", "title=x") }
            try mina.must("delete", "event/gone")
        }
        let (before, revisions) = (try desk.mina.export(), try desk.mina.changesetCount())
        let end = try desk.mina.tally(mistake.arguments)
        #expect(end.status == mistake.status)
        #expect(end.errors == mistake.errors)
        #expect(end.output.isEmpty)
        #expect(try desk.mina.export() == before)
        #expect(try desk.mina.changesetCount() == revisions)
    }
}
