import GRDB
import TallyCore

extension DatasetAccess {
    /// The keys of the visible records of a kind for which an SQL condition holds, in their order: over the columns of the
    /// kind, `author` and `at`. The condition is the user's own SQL.
    ///
    /// It runs inside this access, a writing one too, so that what is chosen is what is then written: nobody comes between.
    /// It cannot write: more than one statement is refused, no registered function has an effect, and while it runs the
    /// connection refuses to (https://www.sqlite.org/pragma.html#pragma_query_only). And it chooses among the records there
    /// are: it cannot leave the brackets of its SELECT (``ConditionText``).
    ///
    /// - Throws: `StoreError` with the code `fault` and SQLite's words for a condition that is no SQL.
    /// - Complexity: O(records) time; memory for the keys that are found.
    public func keys(of kind: Kind, where condition: String) throws -> [RecordKey] {
        try reading(condition: condition) {
            var keys: [RecordKey] = []
            try SQL(records.readableTable(kind).selectKeys(where: condition), in: db).forEach {
                row in
                keys.append(row.key(kind.key.count))
            }
            return keys
        }
    }

    /// Runs SQL in which a condition of the user's stands.
    func reading<Result>(condition: String, _ body: () throws -> Result) throws -> Result {
        try StoreError.check(condition: condition)
        do {
            return try db.readOnly(body)
        } catch let error as DatabaseError
            where ResultCode.ofConditions.contains(error.resultCode)
        {
            // GRDB's words for more than one statement are a programmer's: StoreError has its own.
            throw StoreError(error, path: "")
        }
    }
}

extension ResultCode {
    /// What a condition can come to, as SQL and when it is evaluated: a function that fails, a text too large to be made
    /// (`zeroblob(2000000000)`), numbers out of range (https://www.sqlite.org/rescode.html).
    fileprivate static let ofConditions: [ResultCode] = [
        .SQLITE_ERROR, .SQLITE_MISUSE, .SQLITE_TOOBIG, .SQLITE_NOMEM, .SQLITE_MISMATCH,
        .SQLITE_RANGE,
    ]
}

extension DatasetEditor {
    /// What `DatasetAccess.keys(of:where:)` finds; ends when somebody asks to stop.
    public func keys(of kind: Kind, where condition: String) throws -> [RecordKey] {
        try reading.watched(by: workplace.isInterrupted) {
            try reading.keys(of: kind, where: condition)
        }
    }
}

extension DatasetAccess {
    fileprivate func watched<Result>(
        by isInterrupted: @escaping @Sendable () -> Bool, _ body: () throws -> Result
    ) throws -> Result {
        try ReadWatch(isInterrupted).watching(db, body)
    }
}
