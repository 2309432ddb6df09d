/// How many rows a JSON file says that it has, as UN Comtrade does under `count`, and how many have been read.
final class RowCounter {
    private(set) var said: Int?
    var read = 0

    /// - Returns: whether the member was one that says it; it has been read then.
    func take(_ name: String, _ scanner: JSONScanner) throws -> Bool {
        guard name == "count" else { return false }
        // Something else than a number says nothing.
        let count = Int(try scanner.value(maximumBytes: Self.maximumBytes).cell)
        if let count, count >= 0 { said = count }
        return true
    }

    private static let maximumBytes = 4 * 1024 * 1024
}
