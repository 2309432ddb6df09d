import TallyCore
import TallyStore

/// Imports a file, in whatever format it is.
public struct FileImport {
    private let name: String
    private let open: () throws -> ByteSource
    private let options: ImportOptions

    /// - Parameters:
    ///   - name: of the file, for messages.
    ///   - open: begins to read the file. It is called again to learn how figures are written, for the timestamps of
    ///     ACLED, and where rows of detail miss their total.
    public init(
        name: String, options: ImportOptions, open: @escaping () throws -> ByteSource
    ) {
        self.name = name
        self.options = options
        self.open = open
    }

    /// Reads the file into the editor's transaction.
    ///
    /// - Parameters:
    ///   - refused: is given the text of a CSV file of the rows that are left out.
    ///   - progress: told the number of rows read.
    /// - Returns: the report; when it has refusals and bad rows are not skipped, the caller must roll back.
    /// - Throws: `FormatError`, what the database and what the source throws.
    public func run(
        _ editor: DatasetEditor, refused: @escaping (String) throws -> Void = { _ in },
        progress: (Int) -> Void = { _ in }
    ) throws -> ImportReport {
        do {
            var map = try named(editor.reading)
            var options = try map?.applied(to: options) ?? options
            var table = try openTable(options, editor)
            if map == nil, let found = try saved(for: table, editor.reading) {
                map = found
                options = try found.applied(to: options)
                // In its own encoding.
                table = try openTable(options, editor)
            }
            let header = table.header
            if header.names.contains(where: SheetMark.isMeant) {
                throw FormatError(
                    "the file was exported for being edited in a spreadsheet",
                    hint: "Bring back what was changed in it with: tally import FILE --edited")
            }
            let context = MappingContext(kinds: editor.reading.kinds, options: options)
            var (format, mapping) = try FormatCatalog.mapping(for: header, context)
            if var figures = mapping as? any FigureMapping {
                // Figures of this file come first; where they show nothing, those by which the map was made do.
                if try learn(&figures, options, editor), let shown = map?.shownMark(for: header) {
                    figures.numbers.assume(shown)
                }
                mapping = figures
                // From its beginning again, so that what is said of progress is of this pass.
                table = try openTable(options, editor)
            }
            if let surveyed = try survey(mapping, options, editor) {
                mapping = surveyed
                table = try openTable(options, editor)
            }
            // What settings do is told of each.
            let newKinds = Set(
                try context.kinds.all.filter {
                    try $0.name != SavedMap.kind && editor.reading.isEmpty($0)
                }.map(\.name))
            var run = ImportRun(
                editor, kind: mapping.kind, newKinds: newKinds, options: options,
                refused: RefusedRows(header, refused))
            // Handed over, so that what it has learned of the rows is not there twice.
            let reader = RowReader(
                table, consume mapping, newKinds: newKinds, kinds: context.kinds)
            let rows = ReadAhead(reader.next)
            do {
                defer { rows.stop() }
                while let item = try rows.next() {
                    try run.take(item)
                    progress(run.report.rows)
                }
            }
            mapping = reader.mapping
            try run.finish(mapping) { try openTable(options, editor) }
            var report = run.finished(format: format, mapping, reader.table)
            for remark in reader.table.remarks { report.remark(remark) }
            if let name = options.saveMap {
                // What the figures have shown holds for files with the same delimiter.
                let shown = (mapping as? any FigureMapping)?.numbers.mark
                if try save(name, header, options, shown: shown, editor) {
                    report.remark("the saved map \(Quoted.short(name)) is another one now")
                }
            }
            report.map = map?.name
            return report
        } catch let error as FormatError {
            throw error.inFile(name)
        }
    }

    private func openTable(
        _ options: ImportOptions, _ editor: DatasetEditor
    ) throws -> TableReader {
        // Where columns are named, or another format, a table with these is meant.
        let isSplit =
            !options.columns.isEmpty || options.format.map { $0 != JSONLinesFormat.name } == true
        let context = MappingContext(kinds: editor.reading.kinds, options: options)
        return try TableReader(
            try open(), encoding: options.encoding, format: options.format, isSplit: isSplit
        ) { header in FormatCatalog.laterMembers(beside: header, context) }
    }

    /// Reads rows until they have shown how figures of this file are written.
    ///
    /// - Returns: whether they have not.
    private func learn(
        _ mapping: inout any FigureMapping, _ options: ImportOptions, _ editor: DatasetEditor
    ) throws -> Bool {
        var table = try openTable(options, editor)
        while let row = try table.next() {
            try editor.checkInterruption()
            if row.fault == nil, !mapping.learn(from: row.cells) { return false }
        }
        return true
    }

    /// Shows all rows to a mapping that asks for it; nil for any other.
    private func survey(
        _ mapping: any RowMapping, _ options: ImportOptions, _ editor: DatasetEditor
    ) throws -> (any RowMapping)? {
        guard var mapping = mapping as? any SurveyingMapping else { return nil }
        var table = try openTable(options, editor)
        while let row = try table.next() {
            try editor.checkInterruption()
            if row.fault == nil { mapping.survey(row.cells) }
        }
        return mapping
    }

    // MARK: Saved maps

    private func named(_ access: DatasetAccess) throws -> SavedMap? {
        guard let name = options.map else { return nil }
        if let map = try access.savedMap(named: name) { return map }
        throw FormatError(
            "there is no saved map \(Quoted.short(name))",
            hint:
                "Save one with an import: --save-map \(name). A single column is named as FIELD=COLUMN."
        )
    }

    /// A file that was read with a map before is read so again, where nothing else is said of its columns.
    private func saved(for table: TableReader, _ access: DatasetAccess) throws -> SavedMap? {
        guard options.format == nil, options.columns.isEmpty, options.saveMap == nil else {
            return nil
        }
        let context = MappingContext(kinds: access.kinds, options: options)
        let maps = try access.savedMaps(for: table.header.shown) { names in
            // Rows that were left out of a long file of objects have these columns too.
            table.isOfRefusedRows
                ? FormatCatalog.laterMembers(beside: TableHeader(names, origin: .json), context)
                : []
        }
        if maps.count > 1 {
            throw FormatError(
                "several saved maps are for files with these columns: "
                    + maps.map(\.name).joined(separator: ", "),
                hint: "Say which: --map \(maps[0].name)")
        }
        // Asked for by its name, one in conflict is refused.
        return try maps.first.flatMap { try access.savedMap(named: $0.name) }
    }

    /// - Returns: whether another map of that name was replaced.
    private func save(
        _ name: String, _ header: TableHeader, _ options: ImportOptions, shown: DecimalMark?,
        _ editor: DatasetEditor
    ) throws -> Bool {
        try SavedMap.check(name: name)
        let address = SavedMap.address(of: name)
        let map = SavedMap(name: name, header: header, options: options, shown: shown)
        let view = try editor.reading.view(address)
        if view.row?.values["value"] == .text(map.text) { return false }
        // A person's word, not an import's.
        try editor.edit(
            address, [.set(statement: "value", value: [.text(map.text)])], isImport: false)
        return view.isVisible
    }
}
