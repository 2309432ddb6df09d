import TallyCore
import TallyStore

/// A sheet that was exported, edited with another program, and comes back: a three-way merge against what was exported.
///
/// A row stands for the record that its last cell names. A cell that differs from what was exported is somebody's edit; what
/// others have changed meanwhile is not undone by what nobody has touched, and what both have changed is a conflict.
public struct EditedFile {
    private let name: String
    private let options: Options
    private let open: () throws -> ByteSource

    public struct Options: Sendable {
        public var encoding: TextEncoding?
        public var decimalMark: DecimalMark?
        public var dates: DateOrder?
        /// Deletes the records whose rows are gone.
        public var deletesMissing = false
        public var restores = false
        public var resolves = false

        public init() {}
    }

    /// - Parameter open: begins to read the file; called twice.
    public init(name: String, options: Options, open: @escaping () throws -> ByteSource) {
        (self.name, self.options, self.open) = (name, options, open)
    }

    /// Reads the file into the editor's transaction.
    ///
    /// - Parameter refused: is given the text of a CSV file of the rows that are left out.
    /// - Returns: the report; when it has refusals and bad rows are not skipped, the caller must roll back.
    /// - Throws: `FormatError`, what the database and what the source throws.
    /// - Complexity: O(rows), twice; memory for what was edited, and some 30 bytes a row. Of records that were edited since the
    ///   export the histories are read.
    public func run(
        _ editor: DatasetEditor, refused: @escaping (String) throws -> Void = { _ in },
        progress: (Int) -> Void = { _ in }
    ) throws -> EditedReport {
        do {
            var table = try openTable()
            let columns = try SheetColumns(table.header, in: editor.reading)
            if options.deletesMissing, !columns.mark.isWhole || table.isOfRefusedRows {
                throw FormatError(
                    "which rows are missing cannot be told: "
                        + (columns.mark.isWhole
                            ? "the file holds rows that an import has left out"
                            : "only a part of \(columns.kind.name) was exported"),
                    hint: "Delete records with: tally delete RECORD…")
            }
            var reader = SheetReader(
                columns, table.header.numbers(options.decimalMark), options.dates,
                year: try columns.mark.year(in: editor.reading))
            while let row = try table.next() {
                try editor.checkInterruption()
                if row.fault == nil { reader.learn(from: row.cells) }
            }
            reader.hasAllLetters = table.encoding.map { $0.upperHalf == nil } ?? false
            table = try openTable()
            var run = try EditedRun(
                editor, reader, options, refused: RefusedRows(table.header, refused),
                isWhole: columns.mark.isWhole && !table.isOfRefusedRows)
            while let row = try table.next() {
                try run.take(row)
                progress(run.report.rows)
            }
            try run.finish(isPart: table.isOfRefusedRows, isCut: table.isCut)
            var report = run.report
            report.encoding = table.encoding
            return report
        } catch let error as FormatError {
            throw error.inFile(name)
        }
    }

    private func openTable() throws -> TableReader {
        try TableReader(try open(), encoding: options.encoding)
    }
}
