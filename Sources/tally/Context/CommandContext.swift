import TallyCore
import TallyStore
import TallySync
import TallyTerminal
import TallyWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where a command runs: its dataset, its user, its terminal.
struct CommandContext {
    let options: GlobalOptions
    let output: Output
    let environment: [String: String]
    let nowMs: Int64

    static let output = Output.standard(
        isQuiet: CommandLine.arguments.contains { $0 == "-q" || $0 == "--quiet" })

    init(options: GlobalOptions) {
        self.options = options
        output = Self.output
        environment = Self.readEnvironment()
        nowMs = Self.clock().milliseconds
    }

    @Sendable
    static func clock() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    private static func readEnvironment() -> [String: String] {
        var result: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                result[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return result
    }

    /// A variable that is set and not empty.
    func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    // MARK: The dataset

    /// The file that the options, the environment or the folder name.
    func datasetPath() throws -> String {
        if let file = options.file ?? variable("TALLY_FILE") { return file }
        var folder = FilePath.currentFolder()
        while true {
            let found = FilePath.files(in: folder, ending: ".tally")
            if found.count == 1 { return found[0] }
            if found.count > 1 {
                throw Failure.usage(
                    "There are \(found.count) datasets in \(folder): "
                        + found.prefix(5).map(FilePath.name).joined(separator: ", "),
                    hint: "Say which with -f FILE or $TALLY_FILE.")
            }
            guard let parent = FilePath.parent(of: folder) else { break }
            folder = parent
        }
        throw Failure(
            "no-file", "There is no dataset (*.tally) in this folder or one above",
            hint:
                "Make one: tally init FILE. Copy one: tally clone SOURCE FILE. Or name it: -f FILE.",
            exitCode: 66)
    }

    /// Opens the dataset, and closes it on every way out.
    ///
    /// - Parameter tellsWaiting: whether a command that only reads says at its end that edits by other tools wait.
    func withDataset<Result>(
        readOnly: Bool = false, tellsWaiting: Bool = true, _ body: (Dataset) throws -> Result
    ) throws -> Result {
        let dataset = try Dataset.open(path: try datasetPath(), readOnly: readOnly)
        defer {
            tellCaptured(by: dataset)
            dataset.close()
        }
        dataset.interruptReads { Interruption.isRequested }
        // Asked before, and told after: what is done is done.
        let waiting =
            readOnly && tellsWaiting ? try dataset.read({ try $0.waitingEdits() }).line : nil
        let result = try body(dataset)
        if let waiting { output.note("Not taken yet: \(waiting). Take it with: tally capture") }
        return result
    }

    // MARK: The user

    func settings() throws -> LocalSettings { try LocalSettings(environment: environment) }

    func workplace() throws -> Workplace {
        let settings = try settings()
        let identities: any IdentityStore =
            FileIdentityStore.folder(environment: environment).map { FileIdentityStore(folder: $0) }
            ?? NoIdentityStore()
        return Workplace(
            author: try line(
                "author", variable("TALLY_AUTHOR") ?? settings.author ?? FilePath.userName()),
            machine: try line(
                "machine", variable("TALLY_MACHINE") ?? settings.machine ?? FilePath.hostName()),
            identities: identities, clock: Self.clock,
            isInterrupted: { Interruption.isRequested })
    }

    private func line(_ what: String, _ text: String) throws -> String {
        guard Shape.isLine(text, maximumBytes: 256) else {
            throw Failure(
                "bad-input",
                "The \(what) \(JSONString.quoted(text)) is not one line of at most 256 bytes",
                hint: "Set another: tally config \(what) NAME", exitCode: 65)
        }
        return text
    }

    // MARK: Output

    var isJSON: Bool { options.json }

    /// Prints `{"schema":"tally.<command>/v1", …}`.
    func print(_ command: String, _ members: [JSONValue.Member]) {
        let schema = JSONValue.Member("schema", .string("tally.\(command)/v1"))
        output.print(JSONPrinter.text(.object([schema] + members)))
    }

    /// What a write has to tell beside its result.
    func note(_ written: Written) {
        if let notice = written.notice { output.note(notice) }
    }
}
