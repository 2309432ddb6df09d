/// How a table is laid out that its publisher always gives alike: what its columns are where no row names them, and that
/// quotes are characters like any other, so that a lone one does not swallow lines.
struct TableLayout {
    /// What the columns are called; nil where the first row says it.
    let names: [String]?
    let dialect = DelimitedDialect(delimiter: UInt8(ascii: "\t"), hasQuotes: false)
    /// How many columns at the end older rows do not have.
    let optionalColumns: Int

    /// - Parameter beginning: of the text.
    /// - Returns: nil for a table that is told by nothing but the names of its columns.
    /// - Throws: `FormatError` for a table that is known to be of no use.
    init?(of beginning: some Collection<UInt8>) throws(FormatError) {
        let line = beginning.drop { $0 == 0x0a || $0 == 0x0d }.prefix { $0 != 0x0a && $0 != 0x0d }
        func cells(_ delimiter: UInt8) -> [String] {
            line.split(separator: delimiter, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        if let refusal = GDELTColumns.refusal(ofReduced: cells(1)) { throw refusal }
        let first = cells(dialect.delimiter)
        if let names = GDELTColumns.names(for: first) {
            self.names = names
            optionalColumns = names.count == GDELTColumns.first.count ? 1 : 0
        } else if GDELTColumns.areNamed(by: first) || ICEWSRow.isHeader(first) {
            names = nil
            optionalColumns = first.count == GDELTColumns.first.count ? 1 : 0
        } else {
            return nil
        }
    }
}
