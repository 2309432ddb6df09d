/// How a table is laid out that its publisher always gives alike: what its columns are where no row names them, and that
/// quotes are characters like any other, so that a lone one does not swallow lines.
struct TableLayout {
    /// What the columns are called; nil where the first row says it.
    let names: [String]?
    let dialect = DelimitedDialect(delimiter: UInt8(ascii: "\t"), hasQuotes: false)
    /// How many columns at the end older rows do not have.
    let optionalColumns: Int

    /// - Parameters:
    ///   - beginning: of the text.
    ///   - format: the one that is asked for: then rows of GDELT that nothing names are told by the
    ///     number of their cells alone.
    /// - Returns: nil for a table that is told by nothing but the names of its columns.
    /// - Throws: `FormatError` for a table that is known to be of no use.
    init?(of beginning: some Collection<UInt8>, format: String? = nil) throws(FormatError) {
        let lines = beginning.split { $0 == 0x0a || $0 == 0x0d }
        guard let line = lines.first else { return nil }
        let tab = dialect.delimiter
        func cells(_ line: some Collection<UInt8>, _ delimiter: UInt8) -> [String] {
            line.split(separator: delimiter, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        if let refusal = GDELTColumns.refusal(ofReduced: cells(line, 1)) { throw refusal }
        let first = cells(line, tab)
        // The first row may be a bad one, or cut to another width.
        var isGDELT = GDELTColumns.isEvent(first)
        if format == GDELTFormat.name, !isGDELT {
            // Where columns are named, before all rows, their places say nothing.
            isGDELT = !lines.lazy.map { cells($0, tab) }.prefix { !GDELTColumns.begins($0) }
                .contains(where: GDELTColumns.nameID)
        }
        let known =
            isGDELT
            ? GDELTColumns.names(ofMost: lines.lazy.map { $0.count { $0 == tab } + 1 }) : nil
        if let known {
            names = known
            optionalColumns = known.count == GDELTColumns.first.count ? 1 : 0
        } else if GDELTColumns.areNamed(by: first) || ICEWSRow.isHeader(first) {
            names = nil
            optionalColumns = first.count == GDELTColumns.first.count ? 1 : 0
        } else {
            return nil
        }
    }
}
