import TallyCore

extension UndoCase {
    /// The table of docs/undo.md.
    static let table: [UndoCase] = values + conflicts + sets + existence + deeds

    private static let values = [
        UndoCase(
            name: "a value", steps: ["O: note=x", "A: note=y"], undone: "A1",
            leaves: "there, note x"),
        UndoCase(
            name: "the first value of a field", steps: ["O: add", "A: note=y"], undone: "A1",
            leaves: "there"),
        UndoCase(
            name: "a value taken away", steps: ["O: note=x", "A: note=null"], undone: "A1",
            leaves: "there, note x"),
        UndoCase(
            name: "fields that mean something together",
            steps: ["O: value=1/USD/2024", "A: value=2/USD/null"], undone: "A1",
            leaves: "there, value 1/USD/2024"),
        UndoCase(
            name: "changed since", steps: ["O: note=x", "A: note=y", "B: note=z"], undone: "A1",
            leaves: "there, note z", left: "note changed B1"),
        UndoCase(
            name: "changed since in part",
            steps: ["O: note=x amount=1", "A: note=y amount=2", "B: amount=3"], undone: "A1",
            leaves: "there, amount 3, note x", left: "amount changed B1"),
        UndoCase(
            name: "changed since to the same", steps: ["O: note=x", "A: note=y", "B: note=y"],
            undone: "A1", leaves: "there, note y", left: "note changed B1"),
        UndoCase(
            name: "what was there already", steps: ["O: note=x", "A: note=x"], undone: "A1",
            leaves: "there, note x", left: "note same O1"),
        UndoCase(
            name: "a field of a newer version", steps: ["O: novelty=x", "A: novelty=y"],
            undone: "A1", leaves: "there, novelty x"),
        UndoCase(
            name: "fields of a newer version, written together",
            steps: ["O: novelty=x rarity=1", "A: novelty=y rarity=1"], undone: "A1",
            leaves: "there, novelty x, rarity 1"),
        UndoCase(
            name: "fields of a newer version, and one of them changed since",
            steps: ["O: novelty=x rarity=1", "A: novelty=y rarity=2", "B: rarity=3"],
            undone: "A1", leaves: "there, novelty y, rarity 3",
            left: "novelty newer A1, rarity newer B1"),
        UndoCase(
            name: "a resolution over fields of a newer version",
            steps: [
                "O: novelty=x rarity=1", "A: novelty=y rarity=2", "B beside A: novelty=z rarity=2",
                "C: novelty=y rarity=2",
            ], undone: "C1", leaves: "there, novelty y, rarity 2",
            left: "novelty newer C1, rarity newer C1"),
        UndoCase(
            name: "an undo", steps: ["O: note=x", "A: note=y", "A: note=x"], undone: "A2",
            leaves: "there, note y"),
        UndoCase(
            name: "what is undone already", steps: ["O: note=x", "A: note=y", "B: note=x"],
            undone: "A1", leaves: "there, note x", left: "note changed B1"),
    ]

    private static let conflicts = [
        UndoCase(
            name: "one side of a conflict",
            steps: ["O: note=x", "A: note=y", "B beside A: note=z"], undone: "A1",
            leaves: "there, note z"),
        UndoCase(
            name: "one side of three",
            steps: ["O: note=x", "A: note=y", "B beside A: note=z", "C beside A B: note=w"],
            undone: "A1", leaves: "there, note z | w"),
        UndoCase(
            name: "both people wrote the same",
            steps: ["O: note=x", "A: note=y", "B beside A: note=y"], undone: "A1",
            leaves: "there, note y", left: "note same B1"),
        UndoCase(
            name: "one of two authors of a side",
            steps: ["O: note=x", "A: note=y", "B beside A: note=y", "C beside A B: note=z"],
            undone: "A1", leaves: "there, note y | z", left: "note same B1"),
        UndoCase(
            name: "a resolution that took a side",
            steps: ["O: note=x", "A: note=y", "B beside A: note=z", "C: note=y"], undone: "C1",
            leaves: "there, note y | z"),
        UndoCase(
            name: "a resolution with another value",
            steps: ["O: note=x", "A: note=y", "B beside A: note=z", "C: note=w"], undone: "C1",
            leaves: "there, note y | z"),
        UndoCase(
            name: "a resolution, and the value changed since",
            steps: ["O: note=x", "A: note=y", "B beside A: note=z", "C: note=y", "B: note=v"],
            undone: "C1", leaves: "there, note v", left: "note changed B2"),
        UndoCase(
            name: "a side that a resolution has taken",
            steps: ["O: note=x", "A: note=y", "B beside A: note=z", "C: note=y"], undone: "A1",
            leaves: "there, note y", left: "note changed C1"),
        UndoCase(
            name: "one of two resolutions that disagree",
            steps: [
                "O: note=x", "A: note=y", "B beside A: note=z", "C: note=y", "D beside C: note=z",
            ], undone: "C1", leaves: "there, note z"),
        UndoCase(
            name: "the undo of a resolution",
            steps: [
                "O: note=x", "A: note=y", "B beside A: note=z", "C: note=y", "C: note=y|z add",
            ], undone: "C2", leaves: "there, note y"),
        UndoCase(
            name: "a resolution under newest",
            steps: ["O: note=x", "A: note=y", "B beside A: note=z", "C: note=w"], undone: "C1",
            policies: ["note": .newest], leaves: "there, note z"),
        UndoCase(
            name: "a resolution under max",
            steps: ["O: amount=1", "A: amount=3", "B beside A: amount=2", "C: amount=9"],
            undone: "C1", policies: ["amount": .max], leaves: "there, amount 3"),
    ]

    private static let sets = [
        UndoCase(
            name: "an element added", steps: ["O: +a", "A: +b"], undone: "A1",
            leaves: "there, tags a"),
        UndoCase(
            name: "an element removed", steps: ["O: +a +b", "A: -a"], undone: "A1",
            leaves: "there, tags a b"),
        UndoCase(
            name: "an element removed since", steps: ["O: +a", "A: +b", "B: -b"], undone: "A1",
            leaves: "there, tags a", left: "tags b changed B1"),
        UndoCase(
            name: "an element that both added", steps: ["O: +a", "A: +b", "B beside A: +b"],
            undone: "A1", leaves: "there, tags a b", left: "tags b same B1"),
        UndoCase(
            name: "a removal beside an addition", steps: ["O: +a", "A: -a", "B beside A: +a"],
            undone: "A1", leaves: "there, tags a"),
        UndoCase(
            name: "an addition beside a removal", steps: ["O: +a", "A: +a", "B beside A: -a"],
            undone: "A1", leaves: "there"),
    ]

    private static let existence = [
        UndoCase(
            name: "a record added", steps: ["A: note=x +a"], undone: "A1", leaves: "gone"),
        UndoCase(
            name: "a record added, and edited since", steps: ["A: note=x +a", "B: amount=2"],
            undone: "A1", leaves: "there, amount 2", left: "record edited B1"),
        UndoCase(
            name: "a record added, and a field of it changed since",
            steps: ["A: note=x amount=1", "B: amount=2"], undone: "A1",
            leaves: "there, amount 2", left: "record edited B1, amount changed B1"),
        UndoCase(
            name: "a record added, and edited since, which has been undone",
            steps: ["A: note=x", "B: amount=2", "B: amount=null"], undone: "A1", leaves: "there",
            left: "record edited B2"),
        UndoCase(
            name: "a record that both added", steps: ["A: note=x", "B beside A: note=y"],
            undone: "A1", leaves: "there, note y", left: "record added B1"),
        UndoCase(
            name: "a record added, and deleted since", steps: ["A: note=x", "B: delete"],
            undone: "A1", leaves: "gone", left: "record deleted B1"),
        UndoCase(
            name: "a record added, deleted and restored since",
            steps: ["A: note=x", "B: delete", "B: restore"], undone: "A1",
            leaves: "there, note x", left: "record restored B2"),
        UndoCase(
            name: "a value, and the record deleted since",
            steps: ["O: note=x", "A: note=y", "B: delete"], undone: "A1", leaves: "gone",
            left: "record deleted B1"),
        UndoCase(
            name: "a deletion", steps: ["O: note=x +a", "A: delete"], undone: "A1",
            leaves: "there, note x, tags a"),
        UndoCase(
            name: "a deletion, and restored since",
            steps: ["O: note=x", "A: delete", "B: restore"],
            undone: "A1", leaves: "there, note x", left: "record restored B1"),
        UndoCase(
            name: "a record that both deleted",
            steps: ["O: note=x", "A: delete", "B beside A: delete"], undone: "A1", leaves: "gone",
            left: "record deleted B1"),
        UndoCase(
            name: "a restoration", steps: ["O: note=x", "B: delete", "A: restore"], undone: "A1",
            leaves: "gone"),
        UndoCase(
            name: "a restoration, and edited since",
            steps: ["O: note=x", "B: delete", "A: restore", "C: amount=1"], undone: "A1",
            leaves: "there, amount 1, note x", left: "record edited C1"),
        UndoCase(
            name: "a deleted key added again",
            steps: ["O: note=x", "B: delete", "A: restore note=null amount=2"], undone: "A1",
            leaves: "gone"),
        UndoCase(
            name: "a deletion beside an edit",
            steps: ["O: note=x", "A: delete", "B beside A: note=y"], undone: "A1",
            leaves: "there, note y"),
        UndoCase(
            name: "an edit beside a deletion",
            steps: ["O: note=x", "A: note=y", "B beside A: delete"], undone: "A1", leaves: "gone"),
        UndoCase(
            name: "an edit beside another's edit and a deletion",
            steps: ["O: note=x", "A: note=y", "C beside A: amount=1", "B beside A C: delete"],
            undone: "A1", leaves: "disputed, amount 1, note x"),
        UndoCase(
            name: "delete/edit settled by deleting",
            steps: ["O: note=x", "B: delete", "C beside B: note=y", "A: delete"], undone: "A1",
            leaves: "disputed, note y"),
        UndoCase(
            name: "delete/edit settled by keeping",
            steps: ["O: note=x", "B: delete", "C beside B: note=y", "A: restore"], undone: "A1",
            leaves: "there, note y", left: "record settled B1"),
    ]

    private static let deeds = [
        UndoCase(
            name: "an import that changed what it had added",
            steps: ["A: amount=1 note=x", "A: amount=2"], undone: "A2",
            leaves: "there, amount 1, note x"),
        UndoCase(
            name: "a group", steps: ["O: note=x", "A: note=y", "A: amount=2"], undone: "A1+A2",
            leaves: "there, note x"),
        UndoCase(
            name: "a group that changed a value twice",
            steps: ["O: note=x", "A: note=y", "A: note=z"], undone: "A1+A2",
            leaves: "there, note x"),
        UndoCase(
            name: "a group that added and deleted", steps: ["A: note=x", "A: delete"],
            undone: "A1+A2", leaves: "gone"),
        UndoCase(
            name: "a group of which one value changed since",
            steps: ["O: note=x", "A: note=y", "A: amount=2", "B: note=w"], undone: "A1+A2",
            leaves: "there, note w", left: "note changed B1"),
    ]
}
