import GRDB
import TallyCore
import TallyWire

/// Takes lines from outside: checks each against the log in the order of DESIGN.md section 8, appends it, applies it.
///
/// The same for a pull into a copy, for the hub and for another file. One transaction holds as many lines as it likes;
/// a line that is refused has changed nothing.
struct Intake {
    let access: DatasetAccess
    /// Whether records that are new are written without a look at what they come to.
    var insertsNew = true

    enum Outcome {
        case accepted(Changeset)
        /// The log has the line already.
        case duplicate
    }

    /// - Throws: `LineFault` for a line that is refused, else what the database throws.
    func take(_ bytes: [UInt8], member: String? = nil) throws -> Outcome {
        try take(ReadLine(bytes, kinds: access.kinds), member: member)
    }

    /// - Throws: as the other.
    func take(_ read: ReadLine, member: String?) throws -> Outcome {
        let line = read.line
        try line.checkFormat()
        let dataset = try line.dataset()
        guard dataset == access.dataset else {
            throw LineFault(
                .invalid, "the line is of dataset \(dataset); this is dataset \(access.dataset)")
        }
        let replica = try line.replica()
        let key = try key(of: replica, line)
        try line.checkSignature(with: key)

        let seq = try line.seq()
        let head = access.replicas.rows[replica]?.head
        let expected = (head?.seq ?? 0) + 1
        if seq < expected {
            let known = try access.revisions.find(Revision(replica, seq))
            if known?.hash == line.hash { return .duplicate }
            throw LineFault(
                .fork,
                "revision \(replica):\(seq) exists with hash \(known?.hash.text ?? "?"), "
                    + "not \(line.hash)")
        }
        if seq > expected {
            throw LineFault(
                .gap, "the next changeset of replica \(replica) is \(expected), not \(seq)",
                expectedSeq: expected)
        }
        try checkPrevious(line, head: head, seq: seq)
        try checkSeen(line, of: replica)
        let (changeset, records) = try read.content.get()
        let signed = ChangesetWriter.Signed(bytes: line.bytes, hash: line.hash)
        try access.append(
            changeset, line: signed, key: key, member: member, packed: read.packed,
            records: records, insertsNew: insertsNew)
        return .accepted(changeset)
    }

    /// The key that must have signed the line: its own for seq 1, else the one that is known.
    private func key(of replica: ReplicaID, _ line: ChangesetLine) throws -> ReplicaPublicKey {
        if let key = try line.key() {
            let seq = try line.seq()
            guard seq == 1 else {
                throw LineFault(.invalid, "a key stands in seq 1 only, not in \(seq)")
            }
            return key
        }
        let seq = try line.seq()
        if seq == 1 { throw LineFault(.invalid, "seq 1 has no key") }
        guard let key = access.replicas.rows[replica]?.key else {
            throw LineFault(
                .gap, "the next changeset of replica \(replica) is 1, not \(seq)", expectedSeq: 1)
        }
        return key
    }

    private func checkPrevious(_ line: ChangesetLine, head: Head?, seq: Int) throws(LineFault) {
        let previous = try line.previous()
        switch (head, previous) {
        case (nil, nil): return
        case (nil, _): throw LineFault(.invalid, "seq 1 names a previous changeset")
        case (_, nil): throw LineFault(.invalid, "seq \(seq) has no prev")
        case (let head?, let previous?):
            guard head.hash == previous else {
                throw LineFault(
                    .unseen,
                    "prev is \(previous); the changeset before it has the hash \(head.hash)")
            }
        }
    }

    private func checkSeen(_ line: ChangesetLine, of replica: ReplicaID) throws {
        let before = access.replicas.rows[replica]?.seen ?? RevisionVector()
        for seen in try line.seen() {
            let known = try hash(of: seen.revision)
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

    private func hash(of revision: Revision) throws -> ChangesetHash? {
        let head = access.replicas.rows[revision.replica]?.head
        if head?.seq == revision.seq { return head?.hash }
        return try access.revisions.find(revision)?.hash
    }
}
