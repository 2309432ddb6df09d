/// Writes rows of delimited text: LF, quotes only where they are needed (RFC 4180).
public enum DelimitedWriter {
    /// The row with its line end.
    public static func row(_ cells: [String], delimiter: UInt8 = UInt8(ascii: ",")) -> String {
        cells.map { cell($0, delimiter) }
            .joined(separator: String(Unicode.Scalar(delimiter))) + "\n"
    }

    private static func cell(_ text: String, _ delimiter: UInt8) -> String {
        let isPlain = text.utf8.allSatisfy {
            $0 != delimiter && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\n")
                && $0 != UInt8(ascii: "\r")
        }
        if isPlain { return text }
        // By scalars: a combining mark behind a quote makes one Character with it.
        return text.unicodeScalars.reduce(into: "\"") { cell, scalar in
            if scalar == "\"" { cell.unicodeScalars.append(scalar) }
            cell.unicodeScalars.append(scalar)
        } + "\""
    }
}
