import GRDB
import TallyCore
import TallyWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Doctor {
    /// Makes a new dataset file with every line of the log that can still be read and verified, its state computed from
    /// these lines, and the remotes.
    ///
    /// Lines that follow a lost one go to `TARGET.unjoined.jsonl`.
    ///
    /// - Throws: `StoreError`; nothing is left of a file that did not come about.
    /// - Complexity: O(log).
    public func save(into target: String) throws -> Salvaged {
        let unjoined = UnjoinedLines(target + ".unjoined.jsonl")
        for path in [target, unjoined.path] where FilePlace(path).size(of: path) != nil {
            throw StoreError(fileExists: path)
        }
        do {
            return try withSource { source, byteCount in
                try Self.look(at: source) { db in
                    var salvaged = try save(
                        from: SalvageSource(db, byteCount: byteCount), into: target, unjoined)
                    // What cannot be read any more cannot be counted either.
                    let waiting = try? WaitingEdits.read(db, kinds: kinds)
                    salvaged.untakenCount = waiting?.count ?? 0
                    return salvaged
                }
            }
        } catch {
            unjoined.remove()
            throw error
        }
    }

    /// Calls `body` with the file, or with a copy that can be read where the file cannot.
    private func withSource<Result>(_ body: (String, Int) throws -> Result) throws -> Result {
        let byteCount = FilePlace(path).size(of: path) ?? 0
        guard let fault = try sourceFault() else { return try body(path, byteCount) }
        let copy = temporaryPath()
        defer { NewFile.remove(copy) }
        guard try SchemaGraft.make(from: path, at: copy, kinds: kinds) else { throw fault }
        let isOurs = try? Self.look(at: copy) { db in
            SalvageSource(db, byteCount: byteCount).dataset != nil
        }
        guard isOurs == true else { throw fault }
        return try body(copy, byteCount)
    }

    /// Why the file cannot be read as a database; nil when it can.
    ///
    /// - Throws: what is no reason to guess: another program's file, a newer version's, none at all.
    private func sourceFault() throws(StoreError) -> StoreError? {
        do throws(StoreError) {
            try DatasetHeader.check(path: path)
        } catch {
            guard error.code == .notADataset, try !DatasetHeader.isSQLite(path) else { throw error }
            return error
        }
        return hasSchema()
            ? nil
            : StoreError(
                .damaged, "\(path) is damaged so that no table of it can be read",
                hint: "Restore a backup, or clone the dataset again from the hub.")
    }

    private func hasSchema() -> Bool {
        let names = try? Self.look(at: path) { db in
            try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema")
        }
        return names?.contains("tally_log") == true
    }

    private func save(
        from source: SalvageSource, into target: String, _ unjoined: UnjoinedLines
    ) throws -> Salvaged {
        guard let id = source.dataset else {
            throw StoreError(
                .damaged, "Nothing in \(path) says any more which dataset it is",
                hint: "Restore a backup, or clone the dataset again from the hub.")
        }
        // Under another name until it is whole: half of a log would look sound.
        let draft = "\(target).\(getpid()).saving"
        let dataset = try Dataset.create(
            path: draft, name: source.name ?? "saved", id: id, kinds: kinds)
        do {
            let salvaged = try copyLog(from: source, to: dataset, unjoined)
            try dataset.writeLocally { access in
                for remote in source.remotes { try access.saveRemote(remote.name, url: remote.url) }
                // Whether this machine may go on as it is decided by its identity (DESIGN.md section 6).
                if let replica = source.replica { try access.setMeta("replica", replica.text) }
            }
            try unjoined.finish()
            try Dataset.wrapped(target) {
                try dataset.queue.writeWithoutTransaction(Dataset.putLogInPlace)
            }
            dataset.close()
            try PartFile.place(draft, at: target)
            return salvaged
        } catch {
            dataset.close()
            NewFile.remove(draft)
            throw error
        }
    }

    /// At most this many lines, or bytes, in one transaction.
    private static let batchLines = 1000
    private static let batchBytes = 4 << 20

    private func copyLog(
        from source: SalvageSource, to dataset: Dataset, _ unjoined: UnjoinedLines
    ) throws -> Salvaged {
        var salvaged = Salvaged()
        var known = source.heads
        var apart: Set<Revision> = []
        let log = source.log()
        var isAtEnd = false
        while !isAtEnd {
            if isInterrupted() { throw StoreError(.interrupted, "Interrupted; nothing was saved") }
            var last = 0
            try dataset.writeLocally(durable: false) { access in
                let intake = Intake(access: access)
                var (lines, bytes) = (0, 0)
                while lines < Self.batchLines, bytes < Self.batchBytes {
                    guard let piece = try log.next() else {
                        isAtEnd = true
                        return
                    }
                    switch piece {
                    case .unreadable(let positions):
                        salvaged.unreadableCount += positions.count
                        last = positions.upperBound
                    case .line(let position, let line, let member):
                        last = position
                        (lines, bytes) = (lines + 1, bytes + line.count)
                        do {
                            _ = try intake.take(line, member: member)
                            salvaged.changesetCount += 1
                        } catch let fault as LineFault {
                            guard let revision = try unjoined.take(line, fault) else {
                                salvaged.refused.append(
                                    Salvaged.Refused(position: position, reason: fault.reason))
                                continue
                            }
                            apart.insert(revision)
                            known.insert(revision)
                        }
                    }
                }
            }
            progress(last, log.end)
        }
        let joined = try dataset.read(\.vector)
        known.merge(joined)
        salvaged.missing = Self.missing(known, without: joined, apart)
        salvaged.unjoinedCount = unjoined.count
        salvaged.unjoinedPath = unjoined.count > 0 ? unjoined.path : nil
        return salvaged
    }

    private static func missing(
        _ known: RevisionVector, without joined: RevisionVector, _ apart: Set<Revision>
    ) -> [Salvaged.Range] {
        known.replicas.flatMap { replica in
            var ranges: [Salvaged.Range] = []
            var next = joined[replica] + 1
            let readable = apart.filter { $0.replica == replica }.map(\.seq).sorted()
            for seq in readable + [known[replica] + 1] where seq >= next {
                if seq > next {
                    ranges.append(Salvaged.Range(replica: replica, seqs: next...(seq - 1)))
                }
                next = seq + 1
            }
            return ranges
        }
    }
}
