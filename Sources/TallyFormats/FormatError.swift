/// Why a file cannot be read or written in a format: where, with which value, and what to do.
public struct FormatError: Error, Equatable, Sendable {
    public let message: String
    /// The file and the row, as `trade.csv, row 12`.
    public let location: String?
    public let hint: String?

    public init(_ message: String, location: String? = nil, hint: String? = nil) {
        self.message = message
        self.location = location
        self.hint = hint
    }
}

extension FormatError {
    /// The same, with the name of the file before its place.
    func inFile(_ name: String) -> FormatError {
        let location = [name, location].compactMap { $0 }.joined(separator: ", ")
        return FormatError(message, location: location, hint: hint)
    }
}
