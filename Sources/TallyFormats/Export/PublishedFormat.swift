import TallyCore
import TallyStore

/// A format of others in which records of one kind are written, a row a record.
///
/// A value: it counts what the format has no place for.
protocol PublishedFormat {
    static var name: String { get }
    /// The kind of the records.
    static var kind: String { get }
    init()

    /// What stands before the first record.
    var header: String { get }
    /// Looks at a record before any is written.
    ///
    /// - Throws: `FormatError` for what cannot be written together with the records before.
    mutating func check(_ record: RecordRow) throws(FormatError)
    /// - Returns: nil for a record that the format has no place for.
    mutating func text(of record: RecordRow) -> String?
    var report: ExportReport { get }
}

extension PublishedFormat {
    mutating func check(_ record: RecordRow) throws(FormatError) {}
}

/// What an export wrote, and what it could not.
public struct ExportReport: Sendable, Equatable {
    public var records = 0
    /// Records for which the format has no place, by reason.
    public var leftOut: [String: Int] = [:]
    /// Fields for which it has none: records that are written without a value there.
    public var notWritten: [String: Int] = [:]

    public init() {}

    mutating func leaveOut(_ reason: String) { leftOut[reason, default: 0] += 1 }

    /// Notes the fields of a record that have a value and are not written.
    mutating func note(_ record: RecordRow, unwritten fields: [String]) {
        records += 1
        for name in fields where record.values[name] != nil || record.sets[name]?.isEmpty == false {
            leaveUnwritten(name)
        }
    }

    mutating func leaveUnwritten(_ field: String) { notWritten[field, default: 0] += 1 }
}
