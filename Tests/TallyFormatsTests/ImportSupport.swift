import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore

/// A file in memory, handed out in pieces of one size.
func pieces(_ text: String, of size: Int = 1 << 20) -> () throws -> () throws -> [UInt8] {
    pieces(Array(text.utf8), of: size)
}

func pieces(_ bytes: [UInt8], of size: Int) -> () throws -> () throws -> [UInt8] {
    {
        var rest = bytes[...]
        return {
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
    }
}

/// Bad rows refuse the import.
struct Refused: Error {
    let report: ImportReport
}

extension Copy {
    /// Imports as the command does: bad rows roll back unless they are skipped.
    @discardableResult
    func importing(
        _ text: String, kind: String? = nil, constants: [String: String] = [:],
        _ change: (inout ImportOptions) -> Void = { _ in }
    ) throws -> ImportReport {
        try importing(bytes: Array(text.utf8)) { options in
            options.kind = kind
            options.constants = constants
            change(&options)
        }
    }

    /// - Parameter refused: is given the file of the rows that are left out.
    @discardableResult
    func importing(
        bytes: [UInt8], _ change: (inout ImportOptions) -> Void = { _ in },
        refused: @escaping (String) -> Void = { _ in }
    ) throws -> ImportReport {
        var options = ImportOptions()
        change(&options)
        let file = FileImport(name: "x.csv", options: options, open: pieces(bytes, of: 1 << 20))
        var report = ImportReport()
        try write(Authoring(message: "import x.csv", isImport: true)) { editor in
            report = try file.run(editor, refused: refused)
            if report.refusedCount > 0, !options.skipBad { throw Refused(report: report) }
        }
        return report
    }

    func export(_ kind: String, as format: String = "csv") throws -> String {
        var text = ""
        try dataset.read { access in
            let kind = try wanted(access.kinds[kind])
            if format == "csv" {
                try RecordExport.csv(kind, from: access) { text += $0 }
            } else {
                try RecordExport.jsonLines(kind, from: access) { text += $0 }
            }
        }
        return text
    }
}

/// What became of the rows, as one line.
extension ImportReport {
    var brief: String {
        [
            ("new", new), ("changed", changed), ("unchanged", unchanged), ("kept", kept),
            ("deleted", deleted), ("conflicted", conflicted), ("removed", removed),
            ("joined", joined), ("skipped", skippedCount), ("refused", refusedCount),
        ].filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
    }
}

extension ImportReport {
    /// The refusals as a command lists them.
    var refusals: [String] {
        refused.map { "\($0.row): \($0.reason)" + ($0.hint.map { " | \($0)" } ?? "") }
    }
}
