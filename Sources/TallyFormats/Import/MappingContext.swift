import TallyCore
import TallyStore

/// What a format may need beside the header.
struct MappingContext {
    let kinds: KindCatalog
    let options: ImportOptions

    /// The kind that is asked for; nil where none is.
    var kind: Kind? {
        get throws(FormatError) {
            guard let name = options.kind else { return nil }
            if let kind = kinds[name] { return kind }
            throw FormatError(
                "there is no kind \(Quoted.short(name))\(options.blame("kind"))",
                hint: "The kinds are \(kinds.all.map(\.name).joined(separator: ", ")).")
        }
    }

    /// The kind `trade`, for a format that holds nothing else.
    ///
    /// - Throws: `FormatError` where another kind is asked for.
    func tradeKind(for format: String) throws(FormatError) -> Kind {
        try only("trade", what: "trade", for: format)
    }

    /// The kind `event`, for a format that holds nothing else.
    ///
    /// - Throws: `FormatError` where another kind is asked for.
    func eventKind(for format: String) throws(FormatError) -> Kind {
        try only("event", what: "events", for: format)
    }

    private func only(
        _ name: String, what: String, for format: String
    ) throws(FormatError) -> Kind {
        guard let only = kinds[name] else {
            preconditionFailure("the kind \(name) ships with Tally")
        }
        if let kind = try kind, kind.name != only.name {
            throw FormatError(
                "a file in the format \(format) holds \(what), not \(kind.name)",
                hint: "Leave --kind away.")
        }
        return only
    }

    /// The fields that are the same for every row.
    ///
    /// - Parameter columns: the fields that the file gives, which come before.
    func constants(
        of kind: Kind, besides columns: [String]
    ) throws(FormatError) -> [(field: Kind.Field, text: String)] {
        var result: [(field: Kind.Field, text: String)] = []
        for (name, text) in options.constants.sorted(by: { $0.key < $1.key }) {
            if columns.contains(name) {
                // A source may be given for files that have one and files that have none.
                if name == "source" { continue }
                throw FormatError(
                    "\(options.sayer(of: "set", name)) names \(name), which the file gives itself",
                    hint: options.mending("set", name)
                        ?? "Leave it away, or change the records when they are imported: tally set")
            }
            guard let field = kind.field(name) else {
                // A source may be given for files of any kind.
                if name == "source" { continue }
                throw FormatError(
                    "\(options.sayer(of: "set", name)) names \(Quoted.short(name)), which is no field of "
                        + kind.name,
                    hint: Suggestion.question(
                        for: name, among: (kind.key + kind.fields).map(\.name))
                        ?? "See the fields with: tally kinds \(kind.name)")
            }
            try check(text, of: field, in: kind)
            result.append((field, text))
        }
        return result
    }

    /// What holds for all rows is judged once, not in each of them.
    private func check(_ text: String, of field: Kind.Field, in kind: Kind) throws(FormatError) {
        var input = RecordInput(kind: kind)
        var parts: [String: String] = [:]
        do throws(InputFault) {
            try FieldInput(field).read(text, into: &input, &parts)
        } catch {
            throw FormatError(
                "\(options.sayer(of: "set", field.name)) says what cannot be taken: \(error.message)",
                hint: error.hint ?? options.mending("set", field.name))
        }
    }
}
