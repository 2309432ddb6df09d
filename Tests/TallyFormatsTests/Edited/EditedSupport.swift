import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore

extension Copy {
    /// One kind as `export --open` writes it.
    func sheet(_ name: String) throws -> String {
        var text = ""
        _ = try dataset.read { access in
            try RecordExport.sheet(wanted(access.kinds[name]), from: access) { text += $0 }
        }
        return text
    }

    /// Brings a sheet back as `import --edited` does: bad rows roll back unless they are skipped.
    @discardableResult
    func bringing(
        back text: String, skipBad: Bool = false,
        _ change: (inout EditedFile.Options) -> Void = { _ in }
    ) throws -> EditedReport {
        var options = EditedFile.Options()
        change(&options)
        let file = EditedFile(name: "s.csv", options: options, open: pieces(text))
        var report = EditedReport()
        try write(Authoring(message: "import --edited s.csv")) { editor in
            report = try file.run(editor)
            if report.refusedCount > 0, !skipBad { throw NotTaken(report: report) }
        }
        return report
    }
}

/// Bad rows refuse the sheet.
struct NotTaken: Error {
    let report: EditedReport
}

extension EditedReport {
    /// What became of the rows, as one line.
    var brief: String {
        [
            ("new", new), ("changed", changed), ("unchanged", unchanged), ("deleted", deleted),
            ("removed", removed), ("missing", missingCount), ("conflicts", conflicts.count),
            ("settled", settled), ("same", same), ("conflicted", conflicted),
            ("replaced", replaced), ("stayed", stayed), ("refused", refusedCount),
            ("skipped", skipped),
            ("rewritten", rewritten.values.reduce(0, +)),
        ].filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
    }
}
