import Testing

@testable import TallyStore

/// Which conditions stay in the brackets that they are put into.
struct ConditionTextTests {
    @Test(
        "a condition that opens what it closes is taken, whatever its quotes and comments hold",
        arguments: [
            "", "1", "(a = 1) AND (b = 2)", "a IN (SELECT b FROM t WHERE (c))", "a = ')'",
            "a = 'it''s )'", "\"a)\" = 1", "\"a\"\")\" = 1", "[a)(] = 1", "`a)` = 1", "1 -- )",
            "1 --)\n", "1 -- it's (\n AND (2)", "1 /* ) ' */", "/**/ 1", "1 /*/ ) */", "a->>'$.b)'",
            "a - -1", "a / b * (c)", "'/*' || ')'", "'--' || (1)", "x'29' = a", "a = '🙂)' OR (b)",
        ])
    func taken(condition: String) throws {
        try ConditionText.check(condition)
    }

    @Test(
        "a condition that closes more than it opens, or leaves something open, is refused",
        arguments: [
            (")", ConditionText.Fault.closesTooMuch), ("1) UNION SELECT (1", .closesTooMuch),
            ("1 -- (\n)", .closesTooMuch), ("1 /* ( */)", .closesTooMuch),
            ("'('')(')", .closesTooMuch),
            ("a = 1)(", .closesTooMuch), ("[a]])(", .closesTooMuch), ("'a' ) (", .closesTooMuch),
            ("(1", .open("(")), ("((1)", .open("(")), ("a = 'b", .open("'")),
            ("a = 'b''", .open("'")), ("\"a", .open("\"")), ("`a", .open("`")), ("[a", .open("[")),
            ("1 /* a", .open("/*")), ("1 /*/", .open("/*")), ("1 /*", .open("/*")),
            ("$a(') ) UNION SELECT 'zzz' WHERE ( $b(')", .parameter("$")),
            ("a = ?1", .parameter("?")),
            ("a = :b", .parameter(":")), ("a = @b", .parameter("@")), ("#1", .parameter("#")),
            ("1 \0 )", .nul), ("'\0'", .nul), ("--\0\n", .nul), ("/*\0*/", .nul),
        ])
    func refused(condition: String, fault: ConditionText.Fault) {
        #expect(throws: fault) { try ConditionText.check(condition) }
    }
}
