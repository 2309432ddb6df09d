import TallyCore
import TallyStore

/// Imports a file in Tally's own CSV: the header names the fields, elements of a set are separated by `;`.
public struct NativeImport {
    private let path: String
    private let open: () throws -> () throws -> [UInt8]
    private let kindName: String?
    private let constants: [String: String]
    private let options: ImportOptions

    /// - Parameters:
    ///   - path: for messages.
    ///   - open: begins to read the file; what it gives yields the next bytes, none at the end.
    ///   - kindName: nil to tell by the header.
    ///   - constants: fields that are the same for every row, where the file has no such column.
    public init(
        path: String, kindName: String?, constants: [String: String], options: ImportOptions,
        open: @escaping () throws -> () throws -> [UInt8]
    ) {
        self.path = path
        self.kindName = kindName
        self.constants = constants
        self.options = options
        self.open = open
    }

    /// Reads the file into the editor's transaction.
    ///
    /// - Parameter progress: told the number of rows read.
    /// - Returns: the report; when it has refusals and bad rows are not skipped, the caller must roll back.
    public func run(_ editor: DatasetEditor, progress: (Int) -> Void = { _ in }) throws
        -> ImportReport
    {
        do {
            return try read(editor, progress: progress)
        } catch let error as FormatError {
            let location = [path, error.location].compactMap { $0 }.joined(separator: ", ")
            throw FormatError(error.message, location: location, hint: error.hint)
        }
    }

    private func read(_ editor: DatasetEditor, progress: (Int) -> Void) throws -> ImportReport {
        var reader = DelimitedReader(source: try open())
        guard try !reader.isJSON() else {
            throw FormatError(
                "the file holds JSON; JSON lines cannot be imported yet",
                hint: "Write it as CSV, a kind a file: tally export --kind trade -o trade.csv")
        }
        guard let first = try reader.next() else {
            throw FormatError("the file is empty", hint: "The first row must name the fields.")
        }
        let header = try NativeHeader(
            first.cells, kinds: editor.reading.kinds, kindName: kindName, constants: constants)
        let importer = RecordImporter(editor: editor, options: options)
        var report = ImportReport()
        var number = 1
        while let row = try reader.next() {
            number += 1
            progress(number - 1)
            do {
                let (key, input) = try header.read(row.cells)
                let address = RecordAddress(kind: header.kind.name, key: key)
                if try editor.hasEdited(address) {
                    let other = try firstRow(of: key, header).map { " (row \($0))" } ?? ""
                    report.refuse(
                        row: number, "the key \(address) stands twice in the file\(other)",
                        hint: "Leave one of the two rows.")
                    continue
                }
                let outcome = try importer.take(input, at: key)
                report.count(outcome)
                if outcome.what == .new || outcome.what == .changed,
                    let remark = PolicyInput.remark(on: address, in: editor.reading.kinds)
                {
                    report.remark("\(address): \(remark)")
                }
            } catch let fault as InputFault {
                report.refuse(row: number, fault.message, hint: fault.hint)
            }
        }
        return report
    }

    /// The first row with a key, found by reading the file again: only a file with a fault pays for it.
    private func firstRow(of key: RecordKey, _ header: NativeHeader) throws -> Int? {
        var reader = DelimitedReader(source: try open())
        _ = try reader.next()
        var number = 1
        while let row = try reader.next() {
            number += 1
            if (try? header.read(row.cells))?.key == key { return number }
        }
        return nil
    }
}

extension ImportReport {
    mutating func count(_ outcome: RecordImporter.Outcome) {
        if outcome.keptBeside { kept += 1 }
        if outcome.conflictedBeside { conflicted += 1 }
        switch outcome.what {
        case .new: new += 1
        case .changed: changed += 1
        case .unchanged: unchanged += 1
        case .kept: kept += 1
        case .deleted: deleted += 1
        case .conflicted: conflicted += 1
        }
    }
}
