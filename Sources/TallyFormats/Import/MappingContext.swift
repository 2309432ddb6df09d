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
                hint: kinds.hint(for: name))
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

    /// What is the same in every row.
    ///
    /// - Parameters:
    ///   - columns: the fields that the file gives, which come before.
    ///   - source: who publishes, unless the user names another; nil where only the user can say it.
    func constants(
        of kind: Kind, besides columns: [String], source: String? = nil
    ) throws(FormatError) -> RowConstants {
        var result = RowConstants(of: kind)
        for (name, text) in options.constants.sorted(by: { $0.key < $1.key }) {
            if columns.contains(name) {
                // A source may be given for files that have one and files that have none.
                if name == "source" { continue }
                throw FormatError(
                    "\(options.sayer(of: "set", name)) names \(name), which the file gives itself",
                    hint: options.mending("set", name)
                        ?? "Leave it away and change the records afterwards with tally set; or name the columns that are "
                        + "to be read: --format mapped --map FIELD=COLUMN")
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
            try add(field, text, to: &result)
        }
        if let source, options.constants["source"] == nil, let field = kind.field("source") {
            try add(field, source, to: &result)
        }
        return result
    }

    private func add(
        _ field: Kind.Field, _ text: String, to constants: inout RowConstants
    ) throws(FormatError) {
        do throws(InputFault) {
            try constants.add(field, text)
        } catch {
            throw FormatError(
                "\(options.sayer(of: "set", field.name)) says what cannot be taken: \(error.message)",
                hint: error.hint ?? options.mending("set", field.name))
        }
    }
}
