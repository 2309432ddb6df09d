import TallyCore
import TallyWire

// A line against what is known of its replica from the lines before it: nil before the first.
extension ChangesetLine {
    /// The key that must have signed the line: its own for seq 1, else the one that is known.
    func key(after known: ReplicaRow?) throws(LineFault) -> ReplicaPublicKey {
        let seq = try seq()
        if let key = try key() {
            guard seq == 1 else {
                throw LineFault(.invalid, "a key stands in seq 1 only, not in \(seq)")
            }
            return key
        }
        if seq == 1 { throw LineFault(.invalid, "seq 1 has no key") }
        guard let key = known?.key else {
            throw LineFault(
                .gap, "the next changeset of replica \(try replica()) is 1, not \(seq)",
                expectedSeq: 1)
        }
        return key
    }

    func checkPrevious(_ head: Head?) throws(LineFault) {
        switch (head, try previous()) {
        case (nil, nil): return
        case (nil, _): throw LineFault(.invalid, "seq 1 names a previous changeset")
        case (_, nil): throw LineFault(.invalid, "seq \(try seq()) has no prev")
        case (let head?, let previous?):
            guard head.hash == previous else {
                throw LineFault(
                    .unseen,
                    "prev is \(previous); the changeset before it has the hash \(head.hash)")
            }
        }
    }

    /// - Parameter hash: of a revision; nil where the log before this line has it not.
    func checkSeen(
        after known: ReplicaRow?, hash: (Revision) throws -> ChangesetHash?
    ) throws {
        let before = known?.seen ?? RevisionVector()
        for seen in try seen() {
            let known = try hash(seen.revision)
            guard known == seen.hash else {
                throw LineFault(
                    .unseen,
                    known == nil
                        ? "the line has seen \(seen.revision), which is not here"
                        : "the line has seen \(seen.revision) with hash \(seen.hash); "
                            + "here it is \(known?.text ?? "")")
            }
            if before.contains(seen.revision) {
                throw LineFault(
                    .invalid,
                    "seen names \(seen.revision), which an earlier changeset of the replica named")
            }
        }
    }
}
