import TallyCore
import TallyStore

extension RecordExport {
    /// One kind for a spreadsheet: a byte order mark, CRLF, cells that no spreadsheet runs, and a last column with the mark
    /// by which what was edited comes back (``SheetMark``).
    ///
    /// - Returns: how many records there are.
    @discardableResult
    public static func sheet(
        _ kind: Kind, from access: DatasetAccess, where condition: String? = nil,
        write: (String) throws -> Void
    ) throws -> Int {
        let count = try forEachRow(of: kind, from: access, where: condition) { _ in }
        let vector = access.vector
        let mark = SheetMark(
            kind: kind.name, dataset: access.dataset, isWhole: condition == nil, count: count,
            vector: vector, fingerprint: try access.fingerprint(of: vector))
        func row(_ cells: [String]) -> String {
            // Line ends inside a cell stay LF: CRLF there would be two for some programs.
            String(DelimitedWriter.row(cells).dropLast()) + "\r\n"
        }
        try write("\u{feff}" + row((kind.key + kind.fields).map(\.name) + [mark.text]))
        try forEachRow(of: kind, from: access, where: condition) { record in
            let address = RecordAddress(kind: kind.name, key: record.key)
            let cells =
                record.key.parts.map(SheetText.safe)
                + kind.fields.map { field in
                    field.type == .set
                        ? SheetText.of(elements: record.sets[field.name] ?? [])
                        : SheetText.of(record.values[field.name] ?? .null, field)
                }
            try write(row(cells + [SheetAddress.text(address)]))
        }
        return count
    }
}
