import GRDB
import GRDBSQLite

/// Ends what reads for long when somebody asks to stop.
final class ReadWatch: Sendable {
    private let isRequested: @Sendable () -> Bool

    init(_ isRequested: @escaping @Sendable () -> Bool) {
        self.isRequested = isRequested
    }

    /// How many instructions of SQLite's machine lie between two questions: less than a millisecond.
    private static let interval: Int32 = 1000

    /// Runs `body`; its statements end with SQLITE_INTERRUPT once it is requested
    /// (https://www.sqlite.org/c3ref/progress_handler.html).
    func watching<Result>(_ db: Database, _ body: () throws -> Result) throws -> Result {
        if isRequested() { throw StoreError.interrupted }
        sqlite3_progress_handler(
            db.sqliteConnection, Self.interval,
            { context in
                guard let context else { return 0 }
                let watch = Unmanaged<ReadWatch>.fromOpaque(context).takeUnretainedValue()
                return watch.isRequested() ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
        // Gone before the transaction ends: that must not be stopped half-way.
        defer { sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
        return try body()
    }
}
