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
        settle()
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
        let lines = try hub.lines().map { try ChangesetLine($0) }
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
                try checkOracle(dataset, lines)
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

    // MARK: The oracle

    /// What the witness says that the whole history comes to, against what the file says.
    private func checkOracle(_ dataset: Dataset, _ lines: [ChangesetLine]) throws {
        let kinds = dataset.kinds
        var changesets: [ModelChangeset] = []
        var byOrigin: [ChangesetHash: [Revision]] = [:]
        for line in lines {
            let changeset = try line.changeset(kinds: kinds)
            changesets.append(
                ModelChangeset(
                    revision: changeset.revision, seen: RevisionVector(), at: changeset.at,
                    edits: changeset.edits))
            if let entry = ledger.entries[line.hash] {
                byOrigin[entry.origin, default: []].append(changeset.revision)
            }
        }
        let integrated = try integrated(dataset, lines, changesets, byOrigin)
        try checkSeen(dataset, changesets, integrated)
        let agreed = try policies(changesets, integrated, kinds)
        let oracle = try HistoryOracle(
            changesets, integrated: integrated, kinds: kinds, policies: agreed)
        counts.count("facts judged", oracle.facts.count)
        let records = Set(oracle.facts.map(\.place.record))
        let (found, versions) = try dataset.read { access in
            var states: [RecordAddress: RecordState] = [:]
            for record in records { states[record] = try access.view(record).state }
            let times = Dictionary(uniqueKeysWithValues: changesets.map { ($0.revision, $0.at) })
            let text = StateText(records: states, kinds: kinds, policies: agreed) { revision in
                times[revision] ?? Timestamp(milliseconds: 0)
            }
            return (text.export(), text.versionLines())
        }
        let expected = oracle.versionLines()
        if versions != expected {
            let (extra, missing) = (
                versions.filter { !expected.contains($0) },
                expected.filter { !versions.contains($0) }
            )
            throw Violation("oracle", "found only: \(extra), expected: \(missing)")
        }
        let right = oracle.exportText()
        if !found.hasSameBytes(as: right) {
            throw Violation("oracle", "found:\n\(found)\nexpected:\n\(right)")
        }
        let listed = try dataset.read { try $0.conflicts().map { "conflict \($0.brief)" } }
        let expectedConflicts = right.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix("conflict ")
        }
        counts.count("conflicts judged", listed.count)
        if listed != expectedConflicts {
            throw Violation("oracle", "conflicts:\n\(listed)\nexpected:\n\(expectedConflicts)")
        }
    }

    /// For each line what its copy held, by the names that the lines have now.
    ///
    /// A line that two repairs of forks have written anew has two names, and those who wrote on knew one of them or both:
    /// which, is asked of the file (docs/DESIGN.md section 14, Repair of a fork).
    private func integrated(
        _ dataset: Dataset, _ lines: [ChangesetLine], _ changesets: [ModelChangeset],
        _ byOrigin: [ChangesetHash: [Revision]]
    ) throws -> [Revision: Set<Revision>] {
        var integrated: [Revision: Set<Revision>] = [:]
        try dataset.read { access in
            for (line, changeset) in zip(lines, changesets) {
                var had: Set<Revision> = []
                for origin in ledger.entries[line.hash]?.integrated ?? [] {
                    let names = byOrigin[origin] ?? []
                    guard names.count > 1 else {
                        had.formUnion(names)
                        continue
                    }
                    counts.count("lines known by two names")
                    let coverage = try access.coverage(of: changeset.revision)
                    let known = names.filter { coverage.covers($0) }
                    had.formUnion(known.isEmpty ? names : known)
                }
                integrated[changeset.revision] = had
            }
        }
        return integrated
    }

    /// A changeset covers exactly what its copy held when it was written.
    private func checkSeen(
        _ dataset: Dataset, _ changesets: [ModelChangeset],
        _ integrated: [Revision: Set<Revision>]
    ) throws {
        try dataset.read { access in
            for changeset in changesets {
                let coverage = try access.coverage(of: changeset.revision)
                let had = integrated[changeset.revision] ?? []
                for other in changesets where other.revision != changeset.revision {
                    let (says, has) = (
                        coverage.covers(other.revision), had.contains(other.revision)
                    )
                    guard says != has else { continue }
                    throw Violation(
                        "seen",
                        "\(changeset.revision.brief) \(says ? "covers" : "does not cover") \(other.revision.brief), which its copy \(has ? "had" : "had not")"
                    )
                }
            }
        }
    }

    /// The policies that the settings come to, by the oracle's own judgement of them.
    private func policies(
        _ changesets: [ModelChangeset], _ integrated: [Revision: Set<Revision>],
        _ kinds: KindCatalog
    ) throws -> PolicyTable {
        let oracle = try HistoryOracle(
            changesets, integrated: integrated, kinds: kinds, policies: PolicyTable())
        var table = PolicyTable()
        for (record, values) in oracle.winners(of: "value", ofKind: "setting") {
            let parts = record.key.parts[0].split(separator: ".").map(String.init)
            guard parts.count == 3, parts[0] == "policy",
                let statement = kinds[parts[1]]?.statement(of: parts[2]),
                statement.name == parts[2],
                case .text(let name) = values[0], let policy = Policy(rawValue: name)
            else { continue }
            table[parts[1], parts[2]] = policy
        }
        return table
    }
}
