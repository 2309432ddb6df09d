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
        let known = access.replicas.rows[replica]
        let key = try line.key(after: known)
        try line.checkSignature(with: key)

        let seq = try line.seq()
        let expected = (known?.head.seq ?? 0) + 1
        if seq < expected {
            let own = try access.revisions.find(Revision(replica, seq))
            if own?.hash == line.hash { return .duplicate }
            throw LineFault(
                .fork,
                "revision \(replica):\(seq) exists with hash \(own?.hash.text ?? "?"), "
                    + "not \(line.hash)")
        }
        if seq > expected {
            throw LineFault(
                .gap, "the next changeset of replica \(replica) is \(expected), not \(seq)",
                expectedSeq: expected)
        }
        try line.checkPrevious(known?.head)
        try line.checkSeen(after: known, hash: hash)
        let (changeset, records) = try read.content.get()
        let signed = ChangesetWriter.Signed(bytes: line.bytes, hash: line.hash)
        try access.append(
            changeset, line: signed, key: key, member: member, packed: read.packed,
            records: records, insertsNew: insertsNew)
        return .accepted(changeset)
    }

    private func hash(of revision: Revision) throws -> ChangesetHash? {
        let head = access.replicas.rows[revision.replica]?.head
        if head?.seq == revision.seq { return head?.hash }
        return try access.revisions.find(revision)?.hash
    }
}
