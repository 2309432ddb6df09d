import TallyCore
import Testing

/// What becomes of names when a branch is written anew.
struct ForkTests {
    private func replica(_ letter: Character) throws -> ReplicaID {
        try #require(ReplicaID(String(repeating: letter, count: ReplicaID.length)))
    }

    private func vector(_ seqs: [Character: Int]) throws -> RevisionVector {
        var vector = RevisionVector()
        for (letter, seq) in seqs { vector[try replica(letter)] = seq }
        return vector
    }

    private func coverage(
        _ letter: Character, _ seq: Int, seen seqs: [Character: Int]
    ) throws -> Coverage {
        Coverage(of: Revision(try replica(letter), seq), seen: try vector(seqs))
    }

    @Test("concerned is what is of the branch, has seen it, or follows what has")
    func concerns() throws {
        var extent = ForkExtent(Fork(try replica("a"), after: 4))
        #expect(try !extent.concerns(coverage("a", 4, seen: ["b": 9])))
        #expect(try extent.concerns(coverage("a", 5, seen: [:])))
        #expect(try !extent.concerns(coverage("b", 9, seen: ["a": 4])))
        #expect(try extent.concerns(coverage("b", 9, seen: ["a": 5])))
        // Who names a rewritten line without naming what it rests on.
        #expect(try !extent.concerns(coverage("c", 1, seen: ["b": 9])))
        extent.insert(Revision(try replica("b"), 9))
        extent.insert(Revision(try replica("b"), 10))
        #expect(try extent.concerns(coverage("c", 1, seen: ["b": 9])))
        #expect(try !extent.concerns(coverage("c", 1, seen: ["b": 8])))
        #expect(try extent.concerns(coverage("b", 10, seen: [:])))
    }

    @Test("rewritten revisions go by their new names, and of their replicas stays what was before")
    func renamed() throws {
        var renaming = ForkRenaming()
        renaming.replace(from: Revision(try replica("a"), 5), by: try replica("y"))
        renaming.replace(from: Revision(try replica("b"), 1), by: try replica("z"))
        renaming.replace(from: Revision(try replica("b"), 3), by: try replica("x"))
        let cases: [([Character: Int], [Character: Int])] = [
            ([:], [:]), (["a": 4, "c": 2], ["a": 4, "c": 2]), (["a": 5], ["a": 4, "y": 1]),
            (["a": 7, "b": 2, "c": 1], ["a": 4, "y": 3, "z": 2, "c": 1]),
            // The successor was there already, from somebody who repaired before.
            (["a": 6, "y": 9], ["a": 4, "y": 9]),
            // One successor after the other.
            (["b": 5], ["z": 2, "x": 3]),
        ]
        for (old, new) in cases {
            #expect(try renaming.renamed(vector(old)) == vector(new))
        }
    }
}
