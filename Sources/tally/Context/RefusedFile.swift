/// The file of the rows that an import leaves out, made when there is one.
final class RefusedFile {
    let path: String
    private var file: OutputFile?

    /// - Parameter given: the path that is asked for. Without one, a name that is free: what was mended in a file of before
    ///   stays.
    init(named given: String?, of input: InputFile) {
        let stem = input.stem ?? "import"
        var path = given ?? "\(stem).refused.csv"
        var number = 2
        while given == nil, FilePath.exists(path) {
            path = "\(stem).refused-\(number).csv"
            number += 1
        }
        self.path = path
    }

    func write(_ text: String) throws {
        let file = try self.file ?? OutputFile(path)
        self.file = file
        try file.write(text)
    }

    /// - Returns: the path, if there are such rows.
    func finish() throws -> String? {
        guard let file else { return nil }
        try file.finish()
        return path
    }
}
