import TallyCore
import TallyFormats
import TallyTerminal

/// The sample of what an import would do, as a table.
///
/// A record's name is never cut: what tells records apart may stand anywhere in it. In a narrow terminal the fields stand
/// below it.
struct ImportSamples {
    private typealias Line = (what: String, row: String, record: String, fields: String)
    private let lines: [Line]

    private static let maximumLines = 4
    /// The columns that fields need to stand beside the record.
    private static let minimumRoom = 40
    private static let indent = "  "

    init(_ samples: [ImportReport.Sample]) {
        lines = ImportReport.Sample.What.allCases.flatMap { what in
            samples.filter { $0.what == what }.map {
                (
                    Self.word(what), FigureText.grouped($0.row), Printable.line($0.record.text),
                    Printable.line(Self.text($0))
                )
            }
        }
    }

    /// What of each sort is not shown; nil where all is.
    ///
    /// - Parameter counts: of records by sort, and of those that are shown.
    static func rest(_ counts: [(name: String, count: Int, shown: Int)]) -> String? {
        let more = counts.filter { $0.count > $0.shown }
            .map { "\(FigureText.grouped($0.count - $0.shown)) more \($0.name)" }
        return more.isEmpty ? nil : "… and \(more.joined(separator: ", "))"
    }

    /// - Parameter width: the columns that there are; nil for any number.
    func table(within width: Int?) -> Table {
        let before = widest(\.what, "WHAT") + widest(\.row, "ROW") + 2 * Self.gap
        let room = (width ?? .max) - before - widest(\.record, "RECORD") - Self.gap
        let isBeside = room >= min(Self.minimumRoom, widest(\.fields, "FIELDS"))
        let record = Table.Column.text(
            "RECORD", minimumWidth: 24, priority: isBeside ? 1 : 0, maximumLines: Self.maximumLines)
        var table = Table(
            [Table.Column("WHAT"), .number("ROW"), record]
                + (isBeside ? [.text("FIELDS", maximumLines: Self.maximumLines)] : []))
        for line in lines {
            let cells = [Table.Cell(line.what), Table.Cell(line.row), Table.Cell(line.record)]
            table.append(cells + (isBeside ? [Table.Cell(line.fields)] : []))
            guard !isBeside, let width, !line.fields.isEmpty else { continue }
            let fields = DisplayWidth.wrapped(
                line.fields, to: max(24, width - before - Self.indent.count),
                maximumLines: Self.maximumLines)
            for text in fields { table.append(["", "", Table.Cell(Self.indent + text)]) }
        }
        return table
    }

    /// Between two columns of a table.
    private static let gap = 2

    private func widest(_ column: KeyPath<Line, String>, _ title: String) -> Int {
        lines.reduce(title.count) { max($0, DisplayWidth.of($1[keyPath: column])) }
    }

    private static func word(_ what: ImportReport.Sample.What) -> String {
        what == .conflicted ? "in conflict" : what.rawValue
    }

    private static func text(_ sample: ImportReport.Sample) -> String {
        let fields = sample.fields.filter { !($0.before.isNull && $0.after.isNull) }
        let texts = fields.map { field -> String in
            let (before, after) = (ValueText.of(field.before), ValueText.of(field.after))
            switch sample.what {
            case .new, .deleted: return "\(field.name) \(after)"
            case .kept, .conflicted: return "\(field.name) \(before), the file says \(after)"
            default: return "\(field.name) \(before) → \(after)"
            }
        }
        return texts.joined(separator: "; ")
    }
}
