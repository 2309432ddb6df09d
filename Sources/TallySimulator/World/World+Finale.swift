import TallyCore
import TallyStore
import TallySync
import TallyWire

// When faults end and everybody has synced: whether the laws hold.
extension World {
    /// Plays the plan, lets everybody sync without faults, and checks everything.
    func run() {
        for step in plan.steps {
            play(step)
            if !violations.isEmpty { return }
        }
        trace("faults end, and all sync")
        settle()
        if violations.isEmpty { joinAtLast() }
        guard violations.isEmpty else { return }
        do {
            try check()
        } catch let violation as Violation {
            fail(violation.law, violation.text)
        } catch {
            fail("check", "\(error)")
        }
    }

    private func calm(_ act: WorldStep.Act, _ index: Int, round: Int) -> WorldStep {
        WorldStep(act, copy: index, seed: UInt64(round * 100 + index), isCalm: true)
    }

    /// Everybody syncs until nothing moves: repairs end.
    private func settle() {
        admitAll()
        for index in files.indices where files[index].waiting != nil {
            command(index, calm(.capture, index, round: 0)) { try $0.capture(at: $1, isMine: true) }
        }
        let maximumRounds = 3 + files.count
        for round in 1...maximumRounds {
            var moved = 0
            for index in files.indices {
                let ending = sync(
                    index, calm(.sync, index, round: round), .both, moved: &moved)
                if case .failed(let error) = ending {
                    fail("sync", "\(files[index].name) cannot sync at the end: \(error)")
                    return
                }
            }
            if moved == 0, round > 1 { return checkNothingToDo() }
        }
        fail("repairs end", "after \(maximumRounds) rounds there is still something to move")
    }

    /// When nothing has moved, a sync asks what there is, and that is all.
    private func checkNothingToDo() {
        for index in files.indices {
            traffic = Traffic()
            sync(index, calm(.sync, index, round: 0), .both)
            if traffic.requests > 2 || traffic.pushes > 0 || traffic.bytes > 0 {
                fail("nothing to do", "\(files[index].name): \(traffic)")
            }
        }
    }

    private func check() throws {
        let lines = try hub.lines()
        try checkChains(lines)
        for line in lines where ledger.entries[line.hash] == nil {
            throw Violation("invented", "the hub has \(line.hash), which nobody wrote")
        }
        let hashes = Set(lines.map(\.hash))
        let origins = Set(hashes.compactMap { ledger.entries[$0]?.origin })
        counts.count("acknowledged changesets checked", ledger.promised.count)
        let missing = ledger.promised.subtracting(origins)
        if let first = missing.min() {
            throw Violation(
                "nothing lost",
                "\(missing.count) acknowledged changesets are nowhere, \(first) among them")
        }
        var shown: [WorldSpace.Version: [(name: String, text: String)]] = [:]
        // What all versions know alike.
        var shared: String?
        for index in files.indices {
            let file = files[index]
            let dataset = try Dataset.open(
                path: file.path, kinds: file.version.kinds, waitSeconds: 0)
            defer { dataset.close() }
            let own = try dataset.allHashes()
            guard own == hashes else {
                throw Violation(
                    "converge",
                    "\(file.name) has \(own.subtracting(hashes).count) lines that the hub lacks, and lacks \(hashes.subtracting(own).count)"
                )
            }
            let text = try dataset.wholeExport() + conflictText(dataset)
            let common = try dataset.export(of: "trade")
            if let shared, !shared.hasSameBytes(as: common) {
                throw Violation(
                    "converge", "\(file.name) shows other figures:\n\(shared)\n--\n\(common)")
            }
            shared = common
            if let first = shown[file.version]?.first, !first.text.hasSameBytes(as: text) {
                throw Violation(
                    "converge",
                    "\(first.name) and \(file.name) show other things:\n\(first.text)\n--\n\(text)")
            }
            if shown[file.version] == nil {
                try checkOracle(dataset)
            }
            shown[file.version, default: []].append((file.name, text))
            counts.count("copies compared")
            made += 1
            let faults = try dataset.verify(
                temporaryPath: "\(folder)/verify\(made).tally"
            ).faults
            if !faults.isEmpty { throw Violation("verify", "\(file.name): \(faults)") }
            try checkHistories(dataset, lines, file.name)
        }
    }

    /// The history of a record, which a file looks up in an index, names every line that edits it, and no other.
    private func checkHistories(
        _ dataset: Dataset, _ lines: [ChangesetLine], _ name: String
    ) throws {
        var expected: [RecordAddress: Set<Revision>] = [:]
        for line in lines {
            let changeset = try line.changeset(kinds: dataset.kinds)
            for edit in changeset.edits {
                for row in edit.rows {
                    expected[RecordAddress(kind: edit.kind, key: row.key), default: []]
                        .insert(changeset.revision)
                }
            }
        }
        try dataset.read { access in
            let records = expected.keys.sorted()
            for history in try access.histories(of: records)
            where Set(history.entries.map(\.revision)) != expected[history.address] {
                throw Violation(
                    "history",
                    "\(name) names \(history.entries.map(\.revision.brief)) for \(history.address)")
            }
            counts.count("histories compared", records.count)
        }
    }

    /// Each replica's lines are numbered from 1, name the one before, and are signed with the key of the first.
    private func checkChains(_ lines: [ChangesetLine]) throws {
        var last: [ReplicaID: (seq: Int, hash: ChangesetHash, key: ReplicaPublicKey)] = [:]
        for line in lines {
            let (replica, seq) = (try line.replica(), try line.seq())
            let before = last[replica]
            guard let key = try before?.key ?? line.key(), seq == (before?.seq ?? 0) + 1,
                try line.previous() == before?.hash
            else {
                throw Violation("chains", "\(replica):\(seq) does not follow \(before?.seq ?? 0)")
            }
            try line.checkSignature(with: key)
            last[replica] = (seq, line.hash, key)
        }
    }

    /// Ids, letters and sides, and the same from the table that any tool reads.
    private func conflictText(_ dataset: Dataset) throws -> String {
        let (conflicts, count) = try dataset.read {
            (try $0.conflicts(), try $0.conflictCount())
        }
        guard conflicts.count == count else {
            throw Violation(
                "conflict table",
                "\(count) conflicts in the table, of which \(conflicts.count) are open")
        }
        var rows: [String] = []
        try dataset.query(
            "SELECT * FROM tally_conflict ORDER BY kind, key, field, side", columns: { _ in },
            row: { rows.append("\($0)") })
        return (conflicts.map { "\($0.id) \($0.brief)" } + rows).joined(separator: "\n")
    }
}
