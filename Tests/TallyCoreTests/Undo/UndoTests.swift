import Foundation
import TallyCore
import TallySimulator
import Testing

struct UndoTests {
    @Test("what an undo leaves", arguments: UndoCase.table)
    func table(undoCase: UndoCase) throws {
        var play = try UndoPlay(undoCase)
        let left = try play.undo(undoCase.undone)
        #expect(play.text == undoCase.leaves)
        #expect(left == undoCase.left)
    }

    @Test("what an undo has put back is held by it alone", arguments: UndoCase.table)
    func twice(undoCase: UndoCase) throws {
        var play = try UndoPlay(undoCase)
        _ = try play.undo(undoCase.undone)
        let once = (play.text, play.copy.log.count)
        _ = try play.undo(undoCase.undone)
        #expect(play.text == once.0 && play.copy.log.count == once.1)
    }

    @Test("docs/undo.md has the same table")
    func document() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../docs/undo.md").standardizedFileURL
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        let rows = lines.filter { $0.hasPrefix("| ") }.dropFirst(1).map(String.init)
        let expected = UndoCase.table.map(\.row)
        #expect(rows == expected, "\(expected.joined(separator: "\n"))")
    }

    @Test("undo of a copy's last changeset gives back what people saw before it, or says what not")
    func lastChangeset() throws {
        var reasons: [Inverse.Reason: Int] = [:]
        var (undoCount, openedCount) = (0, 0)
        for seed in 1...600 as ClosedRange<UInt64> {
            let history = HistoryGenerator.history(seed: seed, unrulyPercent: 0)
            var world = ModelWorld(history)
            var player = HistoryPlayer(history)
            var before = world.copies
            while try player.playNext(on: &world) {
                for (index, copy) in world.copies.enumerated() {
                    defer { before[index] = copy }
                    guard copy.log.count == before[index].log.count + 1,
                        let own = copy.log.last?.revision, own.replica == copy.replica
                    else { continue }
                    let inverses = try copy.inverses(of: [own])
                    let left = Set(inverses.values.flatMap(\.left).map(\.reason))
                    for reason in left { reasons[reason, default: 0] += 1 }
                    openedCount += inverses.values.count { !$0.opened.isEmpty }
                    undoCount += 1
                    var after = copy
                    let edits = inverses.sorted { $0.key < $1.key }
                        .flatMap { $0.value.edits(of: $0.key, in: copy.kinds) }
                    if !edits.isEmpty { after.write(edits, clock: history.clock(of: index, at: 0)) }
                    // Nobody can have changed it since.
                    try #require(
                        left.isSubset(of: [.same, .settled, .added])
                            && (left.contains(.settled)
                                || Self.seen(after) == Self.seen(before[index])),
                        "seed \(seed), undo of \(own.brief): \(history)")
                }
            }
        }
        #expect(undoCount > 5000 && openedCount > 300, "\(undoCount), \(openedCount)")
        #expect(reasons[.settled, default: 0] > 20, "\(reasons)")
        #expect(reasons[.same, default: 0] > 100, "\(reasons)")
    }

    /// What people see of a copy, without who wrote it: an undo is an edit of its own.
    private static func seen(_ copy: ModelCopy) -> [String] {
        copy.exportText().split(separator: "\n").filter { !$0.hasPrefix("conflict ") }
            .map(String.init).filter { !$0.hasSuffix(" null") && !$0.hasSuffix("null,null,null") }
            + copy.conflicts().map { conflict in
                // Who deletes and who keeps is lettered by time.
                let isExistence = conflict.statement == Conflict.existenceName
                let sides = conflict.sides.map { "\($0.content)" }
                return
                    "\(conflict.record) \(conflict.statement) \(isExistence ? sides.sorted() : sides)"
            }
    }
}
