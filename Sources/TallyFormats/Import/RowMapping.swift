import TallyCore
import TallyStore

/// How the rows of one sort of file stand to records.
///
/// A value: it counts, and learns from figures which decimal mark the file has; a copy reads a row again.
protocol RowMapping: Sendable {
    /// The kind of the records, or of most of them.
    var kind: Kind { get }

    /// - Parameter cells: as many as the header has.
    /// - Throws: `InputFault` for a row that cannot be taken.
    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent

    /// What the file has and a record has no field for, by column: rows with a value there.
    var notKept: [String: Int] { get }

    /// What a person should be told of how the file was read.
    var remarks: [String] { get }
}

extension RowMapping {
    var notKept: [String: Int] { [:] }
    var remarks: [String] { [] }
}

/// A mapping of tables whose figures may be written in more than one way, which only the whole file can tell.
protocol FigureMapping: RowMapping {
    var numbers: NumberCells { get set }

    /// The cells of a row that hold figures.
    func figures(in cells: [String]) -> [String]
}

extension FigureMapping {
    /// Learns from a row which decimal mark the file has, before any row is read.
    ///
    /// - Returns: whether that is still to be learned.
    mutating func learn(from cells: [String]) -> Bool {
        figures(in: cells).reduce(false) { numbers.learn(from: $1) || $0 }
    }
}

/// A mapping that must have seen all rows before it reads the first.
protocol SurveyingMapping: RowMapping {
    mutating func survey(_ cells: [String])
}

/// What one row of a file says.
enum RowContent {
    case records([RowRecord])
    /// A part of a total that has a row of its own: left out where the total is there, refused where it is not.
    case detail(of: RecordKey, part: String)
    /// All records that match are deleted, but for those that other rows give.
    case deletion(where: @Sendable (RecordKey) -> Bool)
    /// Nothing that a record could hold, and why.
    case skipped(String)
}

/// What a row says of one record.
struct RowRecord {
    let kind: Kind
    let key: RecordKey
    var change: Change
    /// Where several rows together give one record: which part of it this row gives.
    var part: Part?
    /// Whether the row says something of a record that is there, and makes none.
    var needsRecord = false

    enum Change {
        case put(RecordInput)
        case delete
    }

    struct Part: Hashable {
        let name: String
        /// The fields of the part.
        let fields: Set<String>
        /// The fields of all parts, by their names.
        let all: [String: Set<String>]
    }

    var address: RecordAddress { RecordAddress(kind: kind.name, key: key) }

    /// What tells two rows of one record apart.
    var content: some Hashable {
        switch change {
        case .put(let input):
            return Content(values: input.values, unknown: input.unknown, added: input.added)
        case .delete: return Content(values: nil, unknown: [:], added: [])
        }
    }

    private struct Content: Hashable {
        let values: FieldValues?
        let unknown: [String: Value]
        let added: [Element]
    }
}

/// A format of files that an import knows.
protocol ImportFormat: RowMapping {
    static var name: String { get }
    /// The options that change how a file of this format is read.
    static var options: ReadingOptions { get }
    /// Members that later objects of JSON may have, beside those of the first ones.
    static func laterMembers(beside header: TableHeader) -> [String]
    /// Whether the columns are those of this format.
    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool
    /// - Throws: `FormatError` for what is missing to read the file in this format.
    init(_ header: TableHeader, _ context: MappingContext) throws
}

extension ImportFormat {
    static func laterMembers(beside header: TableHeader) -> [String] { [] }
}

/// The options of an import that only some formats have a use for.
struct ReadingOptions: OptionSet {
    let rawValue: Int

    static let columns = Self(rawValue: 1)
    static let scale = Self(rawValue: 2)
    static let decimal = Self(rawValue: 4)
    static let classification = Self(rawValue: 8)
    static let dates = Self(rawValue: 16)
    static let all: Self = [.columns, .scale, .decimal, .classification, .dates]
}
