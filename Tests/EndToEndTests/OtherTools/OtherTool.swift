import Foundation
import Testing

/// A program other than Tally that edits a dataset file: where it is, when it can be had.
///
/// `scripts/tools` installs those from PyPI into `.build/tools`; `sqlite3` is Debian's.
struct OtherTool {
    let name: String
    private let words: [String]
    private let environment: [String: String]

    static let sqlite = OtherTool("sqlite3", ["/usr/bin/sqlite3"])
    static let python = OtherTool("python3", ["/usr/bin/python3"])
    static let pandas = OtherTool("pandas", [tools + "/bin/python"])
    static let pysdmx = OtherTool("pysdmx", [tools + "/bin/python"])
    static let datasette = OtherTool("Datasette", [tools + "/bin/python"])
    static let sqliteUtils = OtherTool("sqlite-utils", [tools + "/bin/sqlite-utils"])
    /// The last one of which `transform` copies a table WITHOUT ROWID.
    static let olderSqliteUtils = OtherTool(
        "sqlite-utils 3.35", [tools + "/bin/python", "-m", "sqlite_utils"],
        environment: ["PYTHONPATH": tools + "/older"], needs: tools + "/older/sqlite_utils")

    /// Debian's libreoffice-calc-nogui has all that is needed.
    static let libreOffice = OtherTool("LibreOffice Calc", ["/usr/bin/soffice"])

    private let needed: String

    private init(
        _ name: String, _ words: [String], environment: [String: String] = [:], needs: String = ""
    ) {
        self.name = name
        self.words = words
        self.environment = environment
        needed = needs.isEmpty ? words[0] : needs
    }

    private static let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(".build/tools").path

    var isThere: Bool { FileManager.default.fileExists(atPath: needed) }

    var reason: Comment {
        needed.hasPrefix("/usr/")
            ? "\(name) is not installed here"
            : "\(name) is not here: scripts/tools could not install it"
    }

    /// Runs it in the analyst's folder; it must succeed, unless told otherwise.
    @discardableResult
    func run(
        by analyst: Analyst, _ arguments: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Finished {
        try run(by: analyst, arguments, sourceLocation: sourceLocation)
    }

    @discardableResult
    func run(
        by analyst: Analyst, _ arguments: [String], input: String? = nil, mustSucceed: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Finished {
        let finished = try Running(
            words[0], Array(words.dropFirst()) + arguments,
            environment: analyst.environment(environment), folder: analyst.folder, input: input
        ).wait()
        if mustSucceed {
            try #require(
                finished.status == 0, "\(name): \(finished.errors)", sourceLocation: sourceLocation)
        }
        return finished
    }
}
