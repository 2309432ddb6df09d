import TallyCore
import TallyWire

/// A log in memory that takes lines as DESIGN.md section 8 says: the checks that need more than the line, and nothing else.
struct ModelLog {
    let dataset: DatasetID
    let kinds: KindCatalog
    private var replicas: [ReplicaID: Replica] = [:]
    private var hashes: [Revision: ChangesetHash] = [:]

    private struct Replica {
        let key: ReplicaPublicKey
        var seq = 0
        var seen = RevisionVector()
    }

    init(dataset: DatasetID, kinds: KindCatalog) {
        self.dataset = dataset
        self.kinds = kinds
    }

    /// - Returns: nil for a duplicate.
    @discardableResult
    mutating func take(_ bytes: [UInt8]) throws(LineFault) -> Changeset? {
        let line = try ChangesetLine(bytes)
        try line.checkFormat()
        let dataset = try line.dataset()
        guard dataset == self.dataset else {
            throw LineFault(.invalid, "the line is of dataset \(dataset)")
        }
        let id = try line.replica()
        let (carried, seq) = (try line.key(), try line.seq())
        if carried != nil, seq != 1 {
            throw LineFault(.invalid, "a key stands in seq 1 only, not in \(seq)")
        }
        if carried == nil, seq == 1 { throw LineFault(.invalid, "seq 1 has no key") }
        guard let key = carried ?? replicas[id]?.key else {
            throw LineFault(.gap, "the next is 1, not \(seq)", expectedSeq: 1)
        }
        try line.checkSignature(with: key)

        var replica = replicas[id] ?? Replica(key: key)
        if seq <= replica.seq {
            if hashes[Revision(id, seq)] == line.hash { return nil }
            throw LineFault(.fork, "revision \(seq) exists with hash …")
        }
        guard seq == replica.seq + 1 else {
            throw LineFault(
                .gap, "the next is \(replica.seq + 1), not \(seq)", expectedSeq: replica.seq + 1)
        }
        try checkPrevious(of: line, seq: seq, id)
        try checkSeen(of: line, &replica)
        let changeset = try line.changeset(kinds: kinds)
        replica.seq = seq
        replicas[id] = replica
        hashes[changeset.revision] = line.hash
        return changeset
    }

    private func checkPrevious(
        of line: ChangesetLine, seq: Int, _ id: ReplicaID
    ) throws(LineFault) {
        let previous = try line.previous()
        if seq == 1, previous != nil { throw LineFault(.invalid, "seq 1 names a previous one") }
        guard seq > 1 else { return }
        guard let previous else { throw LineFault(.invalid, "seq \(seq) has no prev") }
        if previous != hashes[Revision(id, seq - 1)] {
            throw LineFault(.unseen, "prev is \(previous)")
        }
    }

    private func checkSeen(
        of line: ChangesetLine, _ replica: inout Replica
    ) throws(LineFault) {
        for seen in try line.seen() {
            guard let hash = hashes[seen.revision] else {
                throw LineFault(.unseen, "\(seen.revision), which is not here")
            }
            guard hash == seen.hash else { throw LineFault(.unseen, "here it is \(hash)") }
            if replica.seen.contains(seen.revision) {
                throw LineFault(.invalid, "which an earlier changeset of the replica named")
            }
            replica.seen.insert(seen.revision)
        }
    }
}
