import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Find: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract: "Find records that hold a text, or records that may be the same.",
        discussion: """
            A text is looked for in keys, texts, codes and sets, in upper or lower case, and where it has a slash in the \
            names of the records (trade/KOR/CHN); of several all must stand somewhere in the record. Every record is \
            looked at.
            --duplicates lists pairs, each with the command that merges them. Events: the same title within 3 days, \
            titles that share most words on dates that can be the same, or one web page cited on one day. Figures: \
            sources that are spelled alike (upper case, - or _, a version at the end) with the same values.
            Example: tally find Xi Hangzhou
            Example: tally find "supply chain" --kind event
            Example: tally find --duplicates event
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "What to look for; with --duplicates, the kind.")
    var texts: [String] = []

    @Option(help: "One kind only.")
    var kind: String?

    @Option(name: [.customShort("n"), .long], help: "At most this many records, or pairs.")
    var limit = 100

    @Flag(help: "List records that may be the same.")
    var duplicates = false

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit \(limit) is less than 1.") }
        if duplicates, texts.count + (kind == nil ? 0 : 1) > 1 {
            throw ValidationError(
                "--duplicates takes one kind, as in: tally find --duplicates event")
        }
        if !duplicates, texts.isEmpty {
            throw ValidationError("Say what to find, as in: tally find Xi Hangzhou")
        }
    }

    func run(_ context: CommandContext) throws {
        let wanted = try texts.map { text in
            if let search = SearchText(text) { return search }
            throw Failure.usage(
                "\(JSONString.quoted(text)) is nothing to look for",
                hint: "Give a text of at least one letter.")
        }
        try context.withDataset(readOnly: true) { dataset in
            let name = kind ?? (duplicates ? texts.first : nil)
            let kinds = try name.map { [try dataset.kinds.required($0)] } ?? dataset.kinds.all
            if duplicates {
                try findDuplicates(in: kinds, of: dataset, context)
            } else {
                try find(wanted, in: kinds, of: dataset, context)
            }
        }
    }

    private func find(
        _ texts: [SearchText], in kinds: [Kind], of dataset: Dataset, _ context: CommandContext
    ) throws {
        var hits: [RecordHit] = []
        var isMore = false
        try dataset.read { access in
            try access.search(texts, in: kinds) { hit in
                // One more than is shown, to know whether there is more.
                isMore = hits.count == limit
                if !isMore { hits.append(hit) }
                return !isMore
            }
        }
        if context.isJSON {
            context.print(
                "find",
                [.init("records", .array(hits.map(\.json))), .init("more", .bool(isMore))])
            return
        }
        context.output.page(HitList(hits).text(on: context.output.terminal))
        context.output.note(
            isMore
                ? "The first \(FigureText.count(hits.count, "record")); more with --limit \(limit * 10)"
                : hits.isEmpty
                    ? "No record holds that" : FigureText.count(hits.count, "record"))
    }

    private func findDuplicates(
        in kinds: [Kind], of dataset: Dataset, _ context: CommandContext
    ) throws {
        let (pairs, list) = try dataset.read { access in
            let pairs = try kinds.flatMap { kind in
                try access.likelyDuplicates(of: kind) { try Interruption.check() }
            }
            return (pairs, try DuplicateList(Array(pairs.prefix(limit)), in: access))
        }
        let shown = pairs.prefix(limit)
        if context.isJSON {
            context.print(
                "find",
                [
                    .init("pairs", .array(shown.map(\.json))),
                    .init("more", .bool(shown.count < pairs.count)),
                ])
            return
        }
        context.output.page(list.text(context))
        context.output.note(
            pairs.isEmpty
                ? "No records look like the same"
                : shown.count < pairs.count
                    ? "\(FigureText.grouped(shown.count)) of \(FigureText.count(pairs.count, "pair")); "
                        + "all with --limit \(pairs.count)"
                    : "\(FigureText.count(pairs.count, "pair")); look at both before you merge them"
        )
    }
}
