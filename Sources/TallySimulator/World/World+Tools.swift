import GRDB
import TallyCore
import TallyStore

// Edits with another tool: plain SQL on the tables, by a connection that knows nothing of Tally.
extension World {
    func useOtherTool(
        _ index: Int, _ step: WorldStep, _ random: inout SeededGenerator
    ) throws {
        // A command that is at work may have taken what waited.
        look(index)
        let disk = machines[files[index].machine].disk
        let armed = arm(step, disk, other: nil)
        var typed = files[index].waiting ?? ToolEdits(held: files[index].log)
        var hasFailed = false
        do {
            try editRows(index, &typed, &random)
        } catch let error as DatabaseError where hasDiskStruck {
            trace("    the tool failed: \(error)")
            hasFailed = true
        }
        if armed != nil {
            disarm(armed)
            if !disk.isRunning { disk.start() }
        } else if hasFailed {
            // By what was armed for a command that is at work; what it stopped is seen to at its end.
            return
        }
        if !typed.rows.isEmpty, try !hasFailed || isThere(typed, index) {
            files[index].waiting = typed
        }
        guard armed != nil else { return }
        for other in files.indices where files[other].machine == files[index].machine {
            look(other)
        }
    }

    /// Whether all of what a tool has typed is there although it failed: it may have failed afterwards. Else nothing is.
    private func isThere(_ typed: ToolEdits, _ index: Int) throws -> Bool {
        let queue = try DatabaseQueue(path: files[index].path)
        defer { try? queue.close() }
        let before = files[index].waiting
        var (isOld, isNew) = (true, true)
        for (record, row) in typed.rows {
            let now = try queue.read { try self.row(of: record.key.parts[4], $0) }
            if now != row.after { isNew = false }
            if now != (before?.rows[record]).map(\.after) ?? row.before { isOld = false }
        }
        if !isOld, !isNew { fail("tool", "\(files[index].name) has half of what was typed") }
        return isNew
    }

    private func editRows(
        _ index: Int, _ waiting: inout ToolEdits, _ random: inout SeededGenerator
    ) throws {
        let queue = try DatabaseQueue(path: files[index].path)
        defer { try? queue.close() }
        try queue.write { db in
            for _ in 0..<random.pick([1, 1, 2]) {
                let period = random.pick(["2023", "2024"])
                let statement = self.statement(about: period, &random)
                let keys = ["2023", "2024"]
                let before = try keys.map { try row(of: $0, db) }
                try db.execute(sql: statement)
                for (key, before) in zip(keys, before) {
                    let after = try row(of: key, db)
                    let record = RecordAddress(
                        kind: "trade", key: RecordKey(["KOR", "CHN", "X", "TOTAL", key, "motie"]))
                    if before != after || waiting.rows[record] != nil {
                        waiting.note(record, before: before, after: after)
                    }
                }
            }
        }
    }

    private func statement(about period: String, _ random: inout SeededGenerator) -> String {
        let place = "reporter = 'KOR' AND period = '\(period)' AND source = 'motie'"
        switch random.below(8) {
        case 0...2: return "UPDATE trade SET note = 'by hand \(random.below(3))' WHERE \(place)"
        case 3:
            return "UPDATE trade SET value = \(random.pick([5, 6])), status = 'A' WHERE \(place)"
        case 4:
            return """
                INSERT OR REPLACE INTO trade (reporter, partner, flow, product, period, source, note) \
                VALUES ('KOR', 'CHN', 'X', 'TOTAL', '\(period)', 'motie', 'typed')
                """
        case 5: return "DELETE FROM trade WHERE \(place)"
        case 6:
            let other = period == "2023" ? "2024" : "2023"
            return "UPDATE OR REPLACE trade SET period = '\(other)' WHERE \(place)"
        default: return "UPDATE trade SET net_weight_kg = 'heavy' WHERE \(place)"
        }
    }

    private func row(of period: String, _ db: Database) throws -> [String: DatabaseValue]? {
        let row = try Row.fetchOne(
            db,
            sql: "SELECT * FROM trade WHERE reporter = 'KOR' AND period = ? AND source = 'motie'",
            arguments: [period])
        guard let row else { return nil }
        var values: [String: DatabaseValue] = [:]
        for (column, value) in row where column != "tally_rev" { values[column] = value }
        return values
    }
}
