import TallyCore
import TallyStore

/// What a sync did to replicas, a line for the user each.
struct SyncNotes {
    private var retired: [ReplicaID] = []
    private var repairs: [(repair: ForkRepair, owner: String)] = []

    mutating func addRetired(_ replica: ReplicaID) {
        retired.append(replica)
    }

    /// - Parameter owner: the file whose branch gave way.
    mutating func add(_ repair: ForkRepair, of owner: String) {
        repairs.append((repair, owner))
    }

    var lines: [String] {
        // That a forked replica is ahead elsewhere needs no line of its own.
        let forked = Set(repairs.map(\.repair.fork.replica))
        let retirements = retired.filter { !forked.contains($0) }.map { replica in
            "Replica \(replica.short) has written elsewhere what this machine has not: "
                + "it is retired, and this file goes on as a new one."
        }
        return retirements + repairs.map { $0.repair.note(of: $0.owner) }
    }
}

extension ForkRepair {
    fileprivate func note(of owner: String) -> String {
        let successors = replaced.map(\.successor.short).joined(separator: ", ")
        return
            "Replica \(fork.replica.short) had two histories from changeset \(fork.point + 1) on, as when a "
            + "file and its keys are restored together: \(rewritten) changeset\(rewritten == 1 ? "" : "s") "
            + "of \(owner) \(rewritten == 1 ? "was" : "were") written anew as \(successors). Nothing was lost."
    }
}
