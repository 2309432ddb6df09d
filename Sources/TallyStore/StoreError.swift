import GRDB

/// What failed in a dataset file or beside it: with which value, and what to do.
public struct StoreError: Error, Equatable, Sendable {
    public let code: Code
    public let message: String
    public let hint: String?

    public enum Code: String, Sendable {
        /// The file is not there.
        case noFile = "no-file"
        /// A file is already there.
        case fileExists = "file-exists"
        case cannotCreate = "cannot-create"
        /// Not a dataset, or one of a newer format.
        case notADataset = "not-a-dataset"
        case newerFormat = "newer-format"
        case damaged
        case busy
        /// Disk full, or reading or writing failed.
        case io
        case notPermitted = "not-permitted"
        case readOnly = "read-only"
        case noRecord = "no-record"
        case badInput = "bad-input"
        /// Edits that another tool has made have to be taken first; nothing is wrong with what was asked.
        case waiting
        case sql
        case interrupted
        /// A fault of Tally's own.
        case fault
    }

    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension StoreError {
    static let interrupted = StoreError(.interrupted, "Interrupted; nothing was half done")

    /// - Parameter consequence: what failed for want of room.
    package init(diskFull consequence: String) {
        self.init(
            .io, "The disk is full: \(consequence)",
            hint: "Free some space and run the command again; nothing was half done.")
    }

    /// The bytes of a dataset file are not as Tally wrote them.
    init(damage message: String) {
        self.init(.damaged, message, hint: Finding.saving)
    }

    /// The table of a kind is not as Tally made it.
    package init(rebuilt kind: String) {
        self.init(
            .waiting, "Another tool has dropped or rebuilt the table \(kind)",
            hint: "Put it back, and take its rows for edits, with: tally capture")
    }

    /// What an error of SQLite means for the file at `path`.
    package init(_ error: DatabaseError, path: String) {
        let detail = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy, "\(path) is being written by another program",
                hint: "Try again when it has finished.")
        case .SQLITE_FULL: self.init(diskFull: "\(path) could not be written")
        case .SQLITE_IOERR where !error.isOfReading && DiskSpace.isExhausted(at: path),
            .SQLITE_CANTOPEN where DiskSpace.isExhausted(at: path):
            self.init(diskFull: "\(path) could not be written")
        case .SQLITE_IOERR:
            self.init(
                .io, "\(path) could not be read or written: \(detail)",
                hint: "Check the disk; nothing was half done.")
        case .SQLITE_READONLY:
            self.init(
                .readOnly, "\(path) cannot be written: \(detail)",
                hint: "Check the permissions of the file and of its folder.")
        case .SQLITE_CANTOPEN:
            self.init(
                .io, "\(path) cannot be opened: \(detail)",
                hint: "Check the path and the permissions of the folder.")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(damage: "\(path) is damaged: \(detail)")
        case .SQLITE_MISUSE where detail.hasPrefix("Multiple statements"):
            // GRDB's words, which go on with what a programmer should call.
            self.init(.fault, "SQL: more than one statement")
        case .SQLITE_INTERRUPT: self = .interrupted
        default: self.init(.fault, "SQLite: \(detail)", hint: error.sql)
        }
    }
}

extension DatabaseError {
    /// Whether what failed can have been reading only.
    var isOfReading: Bool {
        switch extendedResultCode {
        case .SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ: return true
        default:
            return ![.SQLITE_IOERR, .SQLITE_FULL, .SQLITE_CANTOPEN].contains(resultCode)
        }
    }
}
