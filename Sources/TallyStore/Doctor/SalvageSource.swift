import GRDB
import TallyCore
import TallyWire

/// What can still be read of a damaged dataset beside its records.
///
/// Every part is read by itself, and is empty when it cannot be. Not Sendable: it lives inside one access to the database.
struct SalvageSource {
    private let db: Database
    private let byteCount: Int

    /// - Parameter byteCount: the size of the file.
    init(_ db: Database, byteCount: Int) {
        self.db = db
        self.byteCount = byteCount
    }

    func log() -> LogSalvage { LogSalvage(db, byteCount: byteCount) }

    /// Which dataset it is: as the file says when a line says so too, else as the first line says that holds its own key.
    ///
    /// - Complexity: O(1) where the first line agrees, else O(log).
    var dataset: DatasetID? {
        let said = meta("dataset").flatMap { DatasetID($0) }
        var proven: DatasetID?
        let log = log()
        while let piece = try? log.next() {
            guard case .line(_, let bytes, _) = piece, let line = try? ChangesetLine(bytes),
                let dataset = try? line.dataset()
            else { continue }
            if dataset == said { return dataset }
            if proven == nil, let key = try? line.key(),
                (try? line.checkSignature(with: key)) != nil
            {
                proven = dataset
                if said == nil { return dataset }
            }
        }
        return proven ?? said
    }

    var name: String? { meta("name").flatMap { Shape.isLine($0, maximumBytes: 256) ? $0 : nil } }

    var replica: ReplicaID? { meta("replica").flatMap { ReplicaID($0) } }

    private func meta(_ name: String) -> String? {
        let sql = "SELECT value FROM tally_meta WHERE name = ?"
        return (try? SQL(sql, in: db).bind(1, name).first { $0.text(0) }) ?? nil
    }

    /// Those that were saved under a name.
    var remotes: [(name: String, url: String)] {
        rows("SELECT name, url FROM tally_remote WHERE name <> url") { row in
            let (name, url) = (row.text(0), row.text(1))
            let areLines = [name, url].allSatisfy { Shape.isLine($0, maximumBytes: 4096) }
            return areLines ? (name, url) : nil
        }
    }

    /// How far each replica had come.
    var heads: RevisionVector {
        // A damaged number must not make a list of lines that never were.
        let most = byteCount / 96
        let heads: [Revision] = rows("SELECT replica, seq FROM tally_replica") { row in
            guard let replica = ReplicaID(row.text(0)), (1...max(1, most)) ~= row.integer(1) else {
                return nil
            }
            return Revision(replica, row.integer(1))
        }
        var vector = RevisionVector()
        for head in heads { vector.insert(head) }
        return vector
    }

    /// The rows up to the first that cannot be read.
    private func rows<Row>(_ sql: String, _ read: (SQL) -> Row?) -> [Row] {
        var rows: [Row] = []
        try? SQL(sql, in: db).forEach { row in
            if let row = read(row) { rows.append(row) }
        }
        return rows
    }
}
