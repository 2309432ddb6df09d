import GRDB
import TallyCore

/// Looks at a dataset file that may be damaged, and saves what can be saved into another.
///
/// The file itself is only read, and nothing is made or folded back beside it, not even by the way: whatever is wrong with
/// it, it is afterwards as it was before. Only a log that lies there without an index gets one, by which SQLite
/// reads it. `examine` is in Doctor+Examination, `save` in Doctor+Salvage.
public struct Doctor {
    public let path: String
    let kinds: KindCatalog
    /// Where files are made that are removed at the end.
    let temporaryFolder: String
    let isInterrupted: () -> Bool
    /// Told how many changesets are done, and of how many.
    let progress: (Int, Int) -> Void

    public init(
        _ path: String, kinds: KindCatalog = .shipped, temporaryFolder: String,
        isInterrupted: @escaping () -> Bool = { false },
        progress: @escaping (Int, Int) -> Void = { _, _ in }
    ) {
        self.path = path
        self.kinds = kinds
        self.temporaryFolder = temporaryFolder
        self.isInterrupted = isInterrupted
        self.progress = progress
    }

    /// Whether the file, which is no SQLite file, is as large as a dataset whose first page was lost.
    public var mayHaveLostItsFirstPage: Bool {
        let isSQLite = (try? DatasetHeader.isSQLite(path)) ?? true
        return !isSQLite && FilePlace(path).size(of: path) ?? 0 > 4096
    }

    /// A path that is nobody's.
    func temporaryPath() -> String {
        let name = UUIDText.random(Workplace.systemRandomBytes(16))
        return "\(temporaryFolder)/tally-doctor-\(name).tally"
    }

    /// Reads a file below all that must be sound for it to count as a dataset.
    ///
    /// - Throws: `StoreError`; `busy` when somebody wrote the file meanwhile and no lock could be taken.
    static func look<Result>(at path: String, _ body: (Database) throws -> Result) throws -> Result
    {
        let openFile = try OpenFile(path: path) {}
        defer { withExtendedLifetime(openFile) {} }
        let entrance = try Entrance.forExamination(path)
        let result = Swift.Result {
            try Dataset.wrapped(path) {
                var configuration = Configuration()
                configuration.readonly = true
                let queue = try DatabaseQueue(
                    path: entrance.name(path), configuration: configuration)
                defer { try? queue.close() }
                return try queue.inDatabase { db in
                    try db.beginTransaction(.deferred)
                    // Where something that was read is damaged, SQLite does not let the transaction end well.
                    defer { try? db.rollback() }
                    return try body(db)
                }
            }
        }
        if case .atRest(let moment) = entrance { try moment.check(path) }
        return try result.get()
    }
}
