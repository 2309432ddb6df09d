import CSQLite

/// How SQLite holds its memory in this process.
public enum SQLiteMemory {
    /// Has SQLite keep no account of it, for which each piece that is taken or given back would wait for a lock of the whole
    /// process: some 6 % of the time of a simulated world, which opens many files.
    ///
    /// To be called once, at the start: once SQLite is in use it goes on as it is
    /// (https://www.sqlite.org/c3ref/c_config_covering_index_scan.html#sqliteconfigmemstatus).
    public static func keepNoAccount() {
        _ = tally_sqlite3_config_memstatus(0)
    }
}
