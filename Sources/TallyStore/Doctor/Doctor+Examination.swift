import GRDB
import TallyCore

extension Doctor {
    /// Looks at the file, what lies beside it, and the identity that writes it.
    ///
    /// - Parameter identities: nil where there is no place to keep them.
    /// - Returns: what is to be said, the worst first; empty when all is well.
    /// - Throws: `StoreError` for what is no dataset, as opening it does, and for what keeps it from being examined.
    /// - Complexity: O(file), and as `Dataset.verify`.
    public func examine(identities: (any IdentityStore)?) throws -> [Finding] {
        _ = try OpenFile(path: path) { try DatasetHeader.check(path: path) }
        var findings = placeFindings()
        let structure = try structureFindings()
        findings += structure
        let isStructureSound = !structure.contains { $0.severity == .damage }
        if try isStructureSound || isReadable() {
            findings += try damage(in: logFindings)
            findings += try damage(in: { try workFindings(identities) })
            if isStructureSound { findings += try Self.look(at: path, spaceFindings) }
        }
        let order: [Finding.Severity] = [.damage, .warning, .note]
        return order.flatMap { severity in findings.filter { $0.severity == severity } }
    }

    /// Turns what a damaged file leads to into a finding.
    ///
    /// - Throws: what has another cause.
    private func damage(in body: () throws -> [Finding]) throws -> [Finding] {
        do {
            return try body()
        } catch let error as StoreError {
            switch error.code {
            case .damaged, .fault, .notADataset: return [Finding(damage: error)]
            default: throw error
            }
        }
    }

    private func isReadable() throws -> Bool {
        try damage(in: {
            try Dataset.examine(path: path, kinds: kinds).close()
            return []
        }).isEmpty
    }

    // MARK: The place

    private func placeFindings() -> [Finding] {
        let place = FilePlace(path)
        var findings: [Finding] = []
        if let obstacle = place.obstacle() {
            let error = obstacle.error(path)
            findings.append(Finding(.warning, error.message, hint: error.hint))
        }
        if let byteCount = place.size(of: place.log), byteCount > 0 {
            findings.append(
                Finding(
                    .note,
                    "\(path)-wal holds \(byteCount) bytes that are not in the file yet: another program has it "
                        + "open, or did not end well",
                    hint:
                        "Copy the file with tally backup, not by itself; the next command that writes puts "
                        + "them into it."))
        }
        return findings
    }

    // MARK: The structure

    private func structureFindings() throws -> [Finding] {
        try damage(in: {
            try Self.look(at: path) { db in
                try missing(in: db) + faults(in: db)
            }
        })
    }

    private func faults(in db: Database) throws -> [Finding] {
        let limit = 20
        var faults = try StructureCheck.quick.words(db, limit: limit)
        if faults.isEmpty { faults = try StructureCheck.whole.words(db, limit: limit) }
        return faults.map {
            Finding(.damage, "SQLite finds \(path) damaged: \($0)", hint: Finding.saving)
        }
    }

    /// Tables and indices that a new dataset has and this one has not.
    private func missing(in db: Database) throws -> [Finding] {
        let model = try DatabaseQueue()
        let wanted = try model.write { db in
            try DatasetSchema(kinds).create(in: db)
            return try Self.parts(of: db)
        }
        let present = try Self.parts(of: db)
        let others = Set(
            kinds.all.flatMap { [$0.name, "tally_before_\($0.name)"] }.map { "table \($0)" })
        return wanted.filter { !present.contains($0) && !others.contains($0) }.map { part in
            part.hasPrefix("table ")
                ? Finding(.damage, "The \(part) is missing", hint: Finding.saving)
                : Finding(
                    .warning, "The \(part) is missing: some questions take long",
                    hint: "Make the file anew with its indices: tally doctor --into FILE")
        }
    }

    private static func parts(of db: Database) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT type || ' ' || name FROM sqlite_schema
                WHERE type IN ('table', 'index') AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY type DESC, name
                """)
    }

    // MARK: The log and the state

    private func logFindings() throws -> [Finding] {
        let dataset = try Dataset.examine(path: path, kinds: kinds)
        defer { dataset.close() }
        let verification = try dataset.verify(
            temporaryPath: temporaryPath(), checksStructure: false, isInterrupted: isInterrupted,
            progress: progress)
        return verification.faults.map { Finding(.damage, $0, hint: Finding.saving) }
    }

    // MARK: Whoever works with it

    private func workFindings(_ identities: (any IdentityStore)?) throws -> [Finding] {
        let dataset = try Dataset.examine(path: path, kinds: kinds)
        defer { dataset.close() }
        return try dataset.read { access in
            try toolFindings(access) + haltFindings(access)
                + identityFindings(access, identities)
        }
    }

    /// What other tools have done to the file.
    private func toolFindings(_ access: DatasetAccess) throws -> [Finding] {
        let waiting = try access.waitingEdits()
        var findings = waiting.rebuilt.map { kind in
            let error = StoreError(rebuilt: kind)
            return Finding(.warning, error.message, hint: error.hint)
        }
        if waiting.count > 0 {
            findings.append(
                Finding(
                    .note,
                    waiting.count == 1
                        ? "1 record was edited with another tool and is not taken yet"
                        : "\(waiting.count) records were edited with another tool and are not taken yet",
                    hint:
                        "Take them with: tally capture. A file that is made anew would be without them."
                ))
        }
        let refused = try access.refusedCount()
        if refused > 0 {
            findings.append(
                Finding(
                    .note,
                    "tally_refused holds what another tool typed and what was not valid: \(refused) in all",
                    hint:
                        "See it with: tally query \"SELECT * FROM tally_refused\". What has been seen to may be deleted there."
                ))
        }
        return findings
    }

    private func haltFindings(_ access: DatasetAccess) throws -> [Finding] {
        try access.remotes().compactMap { remote in
            guard let halt = remote.halt else { return nil }
            return Finding(
                .warning,
                "Fetching from \(remote.name) stopped at a line that cannot be taken: \(halt)",
                hint:
                    "Sending goes on. Tell whoever wrote the line, and sync again when it is mended; if it asks for a "
                    + "newer version of Tally, install that.")
        }
    }

    private func identityFindings(
        _ access: DatasetAccess, _ identities: (any IdentityStore)?
    ) throws -> [Finding] {
        guard let identities else {
            return [
                Finding(
                    .warning, "There is no place to keep this machine's keys: $HOME is not set",
                    hint: "Set $TALLY_REPLICAS to a folder that stays.")
            ]
        }
        guard let replica = try access.writingReplica() else { return [] }
        let entry: IdentityEntry?
        do {
            entry = try identities.entry(of: replica)
        } catch let error as StoreError {
            return [Finding(.warning, error.message, hint: error.hint)]
        }
        let reason: String
        switch entry {
        case nil: reason = "its key is not on this machine"
        case let entry? where entry.dataset != access.dataset:
            reason = "its key is of dataset \(entry.dataset)"
        case let entry? where entry.isRetired: reason = "it is retired"
        case let entry? where entry.head != access.heads[replica]:
            reason = "another copy has gone on as it, or this one was restored"
        default: return []
        }
        return [
            Finding(
                .note,
                "Replica \(replica.short) wrote this file last and does not write it from here: \(reason)",
                hint: "Nothing is to be done: the next change here is written as another replica.")
        ]
    }
}
