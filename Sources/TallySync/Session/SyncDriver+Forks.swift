import TallyCore
import TallyStore
import TallyWire

extension SyncDriver {
    /// Repairs the side whose branch of a fork gives way; where it no longer holds it, somebody else has done so.
    func settle(
        _ fork: Fork, _ direction: SyncSession.Direction, _ notes: inout SyncNotes
    ) throws -> SyncSession.Event {
        guard let here = try dataset.read({ try $0.branch(of: fork) }) else { return .settled }
        guard let side = transport.forkable else {
            // A hub's branch stands.
            try repair(dataset, fork, here, as: "this file", isTold: true, &notes)
            return .settled
        }
        guard let there = try side.branch(of: fork), there != here else {
            return .settled
        }
        switch ForkBranch.sideGivingWay(here: here, there: there) {
        case .here: try repair(dataset, fork, here, as: "this file", isTold: true, &notes)
        case .there:
            guard let file = side.repairable else {
                return .unsettled(SyncError(carriedBranchOf: fork, at: transport.name))
            }
            guard direction != .pull else {
                return .unsettled(SyncError(givingWay: fork, at: transport.name))
            }
            // Whoever writes the other file is told when it goes on as a new replica.
            try repair(file, fork, there, as: transport.name, isTold: false, &notes)
        case nil: return .unsettled(SyncError(unsettled: fork, with: transport.name))
        }
        return .settled
    }

    private func repair(
        _ file: Dataset, _ fork: Fork, _ branch: ForkBranch, as owner: String, isTold: Bool,
        _ notes: inout SyncNotes
    ) throws {
        do {
            let repair = try file.repair(
                fork, givingWay: branch.firstHash, isTold: isTold, at: workplace)
            if let repair { notes.add(repair, of: owner) }
        } catch let fault as LineFault {
            throw SyncError(
                .refused,
                "Replica \(fork.replica.short) has two histories that cannot be brought together: "
                    + fault.reason,
                hint: "Nothing was changed. Export what this file has, and import it into a clone.")
        }
    }

    /// A copy that sees its own replica ahead of its file retires it at once (DESIGN.md section 6).
    func retireIfAhead(_ heads: DatasetHeads, _ notes: inout SyncNotes) throws {
        let ahead = try dataset.read { access in
            heads.heads.filter { $0.value.seq > access.heads[$0.key]?.seq ?? 0 }
        }
        let own = Set(try workplace.identities.replicas())
        for (replica, head) in ahead where own.contains(replica) {
            let isRetired = try workplace.identities.retire(replica, of: dataset.id) { entry in
                (entry.head?.seq ?? 0) < head.seq
            }
            guard isRetired else { continue }
            try dataset.writeLocally(durable: false) { try $0.forgetWriter(replica) }
            notes.addRetired(replica)
        }
    }
}
