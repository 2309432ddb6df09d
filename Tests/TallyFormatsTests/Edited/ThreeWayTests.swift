import Testing

@testable import TallyFormats

/// What becomes of what a sheet says: base is what was exported, theirs what is there now, mine what the sheet has.
struct ThreeWayTests {
    private static let statementCases:
        [(base: Int, theirs: Int, mine: Int, known: String, outcome: String)] = [
            (1, 1, 1, "", "untouched"),
            (1, 2, 1, "", "untouched"),
            (1, 2, 1, "is", "untouched"),
            (1, 2, 1, "was", "untouched"),
            (1, 1, 2, "", "edit"),
            (1, 1, 2, "said", "edit"),
            (1, 2, 2, "", "same"),
            (1, 2, 3, "", "beside"),
            (1, 2, 3, "said", "replaced"),
            (1, 2, 2, "said", "same"),
            (1, 1, 2, "is", "left"),
            (1, 2, 3, "is", "left"),
            (1, 2, 3, "is side", "same"),
            (1, 2, 3, "is resolves", "settle"),
            (1, 2, 3, "is side resolves", "settle"),
            (1, 1, 2, "was", "left"),
            (1, 2, 3, "was", "left"),
            (1, 2, 2, "was", "same"),
            (1, 1, 2, "was resolves", "edit"),
            (1, 2, 3, "was resolves", "beside"),
            (1, 2, 3, "was is resolves", "settle"),
        ]

    @Test("statements", arguments: 0..<statementCases.count)
    func statements(index: Int) {
        let row = Self.statementCases[index]
        let words = row.known.split(separator: " ")
        let known = ThreeWay.Circumstances(
            wasInConflict: words.contains("was"), isInConflict: words.contains("is"),
            isSide: words.contains("side"), wasSaid: words.contains("said"),
            resolves: words.contains("resolves"))
        let outcome = ThreeWay.statement(
            base: row.base, theirs: row.theirs, mine: row.mine, known)
        #expect(outcome.rawValue == row.outcome, "\(row)")
    }

    @Test("elements of sets: taken out only where nobody has put them in again")
    func elements() {
        func outcome(_ base: Bool, _ theirs: Bool, _ mine: Bool, _ isTheirs: Bool = false) -> String
        {
            ThreeWay.element(base: base, theirs: theirs, mine: mine, isTheirs: isTheirs).rawValue
        }
        #expect(outcome(true, true, true) == "untouched")
        #expect(outcome(true, false, true) == "untouched")
        #expect(outcome(false, false, true) == "edit")
        #expect(outcome(false, true, true, true) == "same")
        #expect(outcome(true, true, false) == "edit")
        #expect(outcome(true, false, false) == "same")
        #expect(outcome(true, true, false, true) == "replaced")
    }

    @Test("rows that are gone")
    func deletions() {
        func outcome(
            _ isThere: Bool, edited: Bool = false, conflict: Bool = false, deleted: Bool = false,
            resolves: Bool = false
        ) -> String {
            ThreeWay.deletion(
                isThere: isThere, isEdited: edited, isInConflict: conflict, wasDeleted: deleted,
                resolves: resolves
            ).rawValue
        }
        #expect(outcome(false) == "same")
        #expect(outcome(true) == "edit")
        #expect(outcome(true, edited: true) == "beside")
        #expect(outcome(true, edited: true, deleted: true) == "replaced")
        #expect(outcome(true, conflict: true) == "left")
        #expect(outcome(true, conflict: true, resolves: true) == "settle")
    }
}
