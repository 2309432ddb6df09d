import TallyCore
import TallyFormats
import TallyTerminal
import TallyWire

/// The rows of a file that cannot be taken, as an import and `import --edited` tell them.
struct RefusalList {
    /// Of the file.
    let name: String
    let refused: [ImportReport.Refusal]
    /// Of all, also of those that are not listed.
    let count: Int
    /// Where they are, if they were left out.
    let file: String?
    /// Whether bad rows are left out.
    let skipsBad: Bool
    /// What can be done with that file: `imported`.
    let verb: String

    func print(_ output: Output, limit: Int) {
        for refusal in refused.prefix(limit) {
            output.report(
                "\(Printable.line(name)), row \(refusal.row): \(Printable.line(refusal.reason))")
            if let hint = refusal.hint { output.report("  \(Printable.line(hint))") }
        }
        if count > limit { output.report("… and \(FigureText.grouped(count - limit)) more") }
    }

    /// Says that nothing was imported for them.
    ///
    /// - Parameters:
    ///   - skipped: how many rows were left out for what they are.
    ///   - advice: what to do where all rows are refused and left out.
    func printEnd(_ output: Output, skipped: Int = 0, advice: String) {
        print(output, limit: 20)
        let rows = FigureText.count(count, "row")
        let others = skipped > 0 ? ", \(FigureText.grouped(skipped)) skipped" : ""
        output.report(
            "tally: \(Printable.line(name)): "
                + (skipsBad
                    ? "no row can be taken (\(rows) refused\(others))" : "\(rows) cannot be taken")
                + "; nothing was imported")
        output.report(
            whereTheyAre
                ?? (skipsBad ? advice : "Mend the rows, or leave them out with --skip-bad."))
    }

    var whereTheyAre: String? {
        file.map {
            "The rows that were left out are in \(Printable.line($0)), with the reasons; mended, "
                + "they can be \(verb) from there."
        }
    }

    var json: [JSONValue.Member] {
        [
            .init(
                "refused",
                .array(
                    refused.map { ["row": .number(Double($0.row)), "reason": .string($0.reason)] })),
            .init("refused_count", .number(Double(count))),
            .init("refused_file", file.map(JSONValue.string) ?? .null),
        ]
    }
}

/// What a person is told beside the counts.
enum RemarkList {
    private static let limit = 5

    static func print(_ remarks: [String], _ output: Output) {
        for remark in remarks.prefix(limit) { output.note(Printable.line(remark)) }
        if remarks.count > limit {
            output.note("… and \(FigureText.grouped(remarks.count - limit)) more like these")
        }
    }
}
