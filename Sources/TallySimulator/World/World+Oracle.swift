import TallyCore
import TallyStore
import TallyWire

// What a plain witness of the whole history says, against what a file says.
extension World {
    /// A plain witness of a history, and who wrote what of it.
    struct Witness {
        let oracle: HistoryOracle
        let changesets: [ModelChangeset]
        let integrated: [Revision: Set<Revision>]
        let policies: PolicyTable
        let writers: [Revision: HistoryOracle.Writer]
    }

    /// Of what a file holds, as its version reads it; perhaps as if some of it had never been written.
    func witness(_ dataset: Dataset, without left: Set<Revision> = []) throws -> Witness {
        let lines = try dataset.allLines().map { try ChangesetLine($0) }
        let kinds = dataset.kinds
        var changesets: [ModelChangeset] = []
        var byOrigin: [ChangesetHash: [Revision]] = [:]
        var writers: [Revision: HistoryOracle.Writer] = [:]
        for line in lines {
            let changeset = try line.changeset(kinds: kinds)
            writers[changeset.revision] = HistoryOracle.Writer(
                author: changeset.author, machine: changeset.machine)
            changesets.append(
                ModelChangeset(
                    revision: changeset.revision, seen: RevisionVector(), at: changeset.at,
                    edits: changeset.edits))
            if let entry = ledger.entries[line.hash] {
                byOrigin[entry.origin, default: []].append(changeset.revision)
            }
        }
        let integrated = try integrated(dataset, lines, changesets, byOrigin)
        changesets.removeAll { left.contains($0.revision) }
        let policies = try policies(changesets, integrated, kinds)
        let oracle = try HistoryOracle(
            changesets, integrated: integrated, kinds: kinds, policies: policies)
        return Witness(
            oracle: oracle, changesets: changesets, integrated: integrated, policies: policies,
            writers: writers)
    }

    /// The rows of all kinds as the witness has them, by record: what people see of a history, or of it without some of it.
    func shownRows(
        _ dataset: Dataset, without revisions: Set<Revision> = []
    ) throws -> [RecordAddress: [String]] {
        let witness = try witness(dataset, without: revisions)
        var rows: [RecordAddress: [String]] = [:]
        for kind in dataset.kinds.all { rows.merge(witness.oracle.cells(of: kind)) { a, _ in a } }
        return rows
    }

    /// What the witness says that the whole history comes to, against what the file says.
    func checkOracle(_ dataset: Dataset) throws {
        let witness = try witness(dataset)
        let (oracle, changesets) = (witness.oracle, witness.changesets)
        try checkSeen(dataset, changesets, witness.integrated)
        counts.count("facts judged", oracle.facts.count)
        let records = Set(oracle.facts.map(\.place.record))
        let (found, versions) = try dataset.read { access in
            var states: [RecordAddress: RecordState] = [:]
            for record in records { states[record] = try access.view(record).state }
            let times = Dictionary(uniqueKeysWithValues: changesets.map { ($0.revision, $0.at) })
            let text = StateText(records: states, kinds: dataset.kinds, policies: witness.policies)
            { revision in
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
        try checkTables(dataset, oracle, witness.writers)
    }

    /// What other tools read, of every kind that this version knows: no row too many, none too few, each cell as the
    /// witness has it.
    private func checkTables(
        _ dataset: Dataset, _ oracle: HistoryOracle, _ writers: [Revision: HistoryOracle.Writer]
    ) throws {
        for kind in dataset.kinds.all {
            let columns = (kind.key + kind.fields).map(\.name)
            try compare(oracle.rows(of: kind), with: columns, of: kind.name, in: dataset)
        }
        let columns = [
            "kind", "key", "field", "side", "id", "what", "record", "value", "author", "machine",
            "at", "replica", "seq", "deleted",
        ]
        try compare(
            oracle.conflictRows(writers), with: columns, of: "tally_conflict", in: dataset)
    }

    private func compare(
        _ expected: [String], with columns: [String], of table: String, in dataset: Dataset
    ) throws {
        let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
        var found: Set<String> = []
        try dataset.query(
            "SELECT \(names) FROM \"\(table)\"", columns: { _ in },
            row: { found.insert($0.map(\.cell).joined(separator: " ")) })
        counts.count("rows judged", found.count)
        let (extra, missing) = (found.subtracting(expected), Set(expected).subtracting(found))
        if !extra.isEmpty || !missing.isEmpty {
            throw Violation(
                "rows",
                "\(table) has \(extra.sorted()), and is to have \(missing.sorted())")
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

extension SQLValue {
    /// In the form of `HistoryOracle.rows(of:)`.
    fileprivate var cell: String {
        switch self {
        case .null: return "null"
        case .integer(let number): return "\(number)"
        case .real(let number): return "\(number)"
        case .text(let text): return JSONString.quoted(text)
        case .blob(let bytes): return "\(bytes)"
        }
    }
}
