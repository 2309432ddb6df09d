import GRDB
import TallyCore
import TallyWire

/// What a verification found.
public struct Verification: Sendable, Equatable {
    public var changesets = 0
    /// What does not hold, in words; empty when all does.
    public var faults: [String] = []
    /// The kinds whose tables another tool dropped or rebuilt: their records could not be compared.
    public var rebuilt: [String] = []
}

extension Dataset {
    /// Checks every line of the log anew (chain, signature, what it has seen) and compares the state with one that is
    /// recomputed from the log alone, in a file of its own.
    ///
    /// - Parameters:
    ///   - temporaryPath: where that file is made; removed at the end.
    ///   - checksStructure: whether SQLite looks at the file's structure first.
    ///   - progress: told the number of changesets done and of all.
    /// - Complexity: O(log).
    public func verify(
        temporaryPath: String, checksStructure: Bool = true, isInterrupted: () -> Bool = { false },
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> Verification {
        var result = Verification()
        // Nobody ever goes on from it: its epoch may be anybody's.
        let copy = try Dataset.create(
            path: temporaryPath, name: "verify", id: id, kinds: kinds,
            randomBytes: { [UInt8](repeating: 0, count: $0) })
        defer {
            copy.close()
            NewFile.remove(temporaryPath)
        }
        // What SQLite finds out of order may be read twice, or not at all.
        if checksStructure {
            result.faults = try read { try StructureCheck.quick.faults($0.db, limit: 5) }
                .map { "SQLite finds \(path) damaged: \($0)" }
        }
        var position = 0
        // Others may write meanwhile: what they wrote is checked too, and then the two are compared as of one moment.
        while true {
            let isSound = try recompute(
                in: copy, from: &position, &result, isInterrupted: isInterrupted, progress: progress
            )
            guard isSound else { return result }
            if let faults = try compareState(with: temporaryPath, &result) {
                result.faults += try faults + read { try $0.doublyStored() + $0.miscounted() }
                return result
            }
        }
    }

    /// Hands the log from a position on to a file that recomputes the state.
    ///
    /// - Returns: false at the first changeset that does not hold.
    private func recompute(
        in copy: Dataset, from position: inout Int, _ result: inout Verification,
        isInterrupted: () -> Bool, progress: (Int, Int) -> Void
    ) throws -> Bool {
        let total = try read { try $0.log.lastPosition() }
        while position < total {
            if isInterrupted() {
                throw StoreError(.interrupted, "Interrupted; nothing was changed")
            }
            let batch = try read { access in
                try access.log.lines(after: position, maximumCount: 1000, maximumBytes: 4 << 20)
            }
            guard let last = batch.last else { break }
            do {
                // Record by record, so that the shorter way of records that are new is checked by it.
                _ = try copy.take(batch.map(\.bytes), durable: false, insertsNew: false)
            } catch let fault as LineFault {
                let at = batch[(fault.line ?? 1) - 1].position
                result.faults.append(
                    "The changeset at position \(at) does not hold (\(fault.word.rawValue)): \(fault.reason)"
                )
                return false
            }
            position = last.position
            result.changesets += batch.count
            progress(position, total)
        }
        return true
    }

    /// - Returns: nil when the file holds more changesets by now than the other.
    private func compareState(
        with path: String, _ result: inout Verification
    ) throws -> [String]? {
        try attaching(path, as: "recomputed") { db in
            let last = { (file: String) in
                try SQL("SELECT max(position) FROM \(file).tally_log", in: db)
                    .first { $0.integer(0) }
            }
            if try last("main") != last("recomputed") { return nil }
            var faults: [String] = []
            let replicas = "replica, seq, hash, seen, latest_at"
            let log = "position, replica, seq, hash, at, author, machine, message, is_import"
            let touched = try TouchedKinds(in: db, kinds: kinds)
            result.rebuilt = touched.rebuilt.sorted()
            // What another tool wrote and nobody has taken yet is no fault: the rows before it are compared.
            var tables: [(name: String, rows: (String) -> String)] = kinds.all
                .filter { !touched.rebuilt.contains($0.name) }
                .map { ($0.name, BeforeTable($0).settledRows) }
            tables += [
                ("tally_state", "*"), ("tally_touch", "*"), ("tally_conflict", "*"),
                ("tally_replica", replicas), ("tally_log", log),
            ].map { name, columns in (name, { "SELECT \(columns) FROM \($0).\(name)" }) }
            for (name, rows) in tables {
                let difference = { (a: String, b: String) in
                    "SELECT count(*) FROM (SELECT * FROM (\(rows(a))) EXCEPT SELECT * FROM (\(rows(b))))"
                }
                let extra =
                    try SQL(difference("main", "recomputed"), in: db).first { $0.integer(0) } ?? 0
                let missing =
                    try SQL(difference("recomputed", "main"), in: db).first { $0.integer(0) } ?? 0
                if extra + missing > 0 {
                    faults.append(
                        "\(name): \(extra) rows are not what the log says, \(missing) that it says are missing"
                    )
                }
            }
            return faults
        }
    }
}

extension DatasetAccess {
    /// Kinds of which the file says that it has another number of records than it has.
    ///
    /// - Complexity: O(records).
    fileprivate func miscounted() throws -> [String] {
        try counts().compactMap { kind, noted in
            guard let noted, let kind = kinds[kind] else { return nil }
            let count = try countRows(of: kind)
            return noted == count
                ? nil : "\(kind.name): the file notes \(noted) records, and has \(count)"
        }
    }

    /// Records that a row says in full, and that have versions of their own too, which nobody reads.
    ///
    /// - Complexity: O(records with versions of their own).
    fileprivate func doublyStored() throws -> [String] {
        var counts: [String: Int] = [:]
        try SQL("SELECT kind, key FROM tally_state", in: db).forEach { row in
            let kind = row.text(0)
            guard !records.touched.edited.contains(kind), !records.touched.rebuilt.contains(kind),
                let key = RecordKey(json: row.text(1))
            else { return }
            let stored = try records.row(of: RecordAddress(kind: kind, key: key))
            if let stored, stored.rev != 0 { counts[kind, default: 0] += 1 }
        }
        return counts.sorted { $0.key < $1.key }.map { kind, count in
            "\(kind): \(count) records stand in their row and in tally_state"
        }
    }
}
