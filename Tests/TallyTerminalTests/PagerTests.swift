import Glibc
import Testing

@testable import TallyTerminal

@Suite(.serialized, .timeLimit(.minutes(10))) struct PagerTests {
    private func environment(_ variables: [String: String]) -> (String) -> String? {
        { variables[$0] }
    }

    @Test("PAGER decides, then less if there is one")
    func choice() {
        #expect(Pager.chosen(environment: environment(["PAGER": "more"])) == Pager(command: "more"))
        #expect(Pager.chosen(environment: environment(["PAGER": ""])) == nil)
        #expect(Pager.chosen(environment: environment(["PAGER": "cat"])) == nil)
        #expect(Pager.chosen(environment: environment(["PATH": "/nowhere"])) == nil)
        #expect(Pager.chosen(environment: environment([:])) == nil)
    }

    /// What a pager that writes to a file received of `text`.
    private func paged(_ text: String, terminal: Terminal) throws -> (file: String, direct: String)
    {
        let path = "/tmp/tally-pager-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        defer { unlink(path) }
        let captured = CapturedText()
        let output = Output(
            terminal: terminal, isQuiet: false, output: captured.outputSink,
            errors: captured.errorSink, pager: Pager(command: "cat > \(path)"))
        output.page(text)
        try output.finish()
        guard let file = fopen(path, "r") else { return ("", captured.output) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return (String(decoding: bytes[..<count], as: UTF8.self), captured.output)
    }

    @Test("long text goes through the pager on a terminal only")
    func paging() throws {
        let short = "1\n2\n3\n4\n"
        let long = short + "다섯\n"
        #expect(try paged(long, terminal: OutputTests.screen) == (long, ""))
        #expect(try paged(short, terminal: OutputTests.screen) == ("", short))
        #expect(try paged(long, terminal: .none) == ("", long))
    }

    @Test("VISUAL decides, then EDITOR; a failed editor is an error")
    func editor() throws {
        #expect(
            Editor.chosen(environment: environment(["VISUAL": "code -w", "EDITOR": "vi"]))
                == Editor(command: "code -w"))
        #expect(Editor.chosen(environment: environment(["EDITOR": "vi"])) == Editor(command: "vi"))
        #expect(Editor.chosen(environment: environment(["EDITOR": "", "PATH": "/"])) == nil)
        let path = "/tmp/tally editor-\(getpid())"
        defer { unlink(path) }
        try Editor(command: "touch").edit(path: path)
        #expect(access(path, F_OK) == 0)
        let error = #expect(throws: TerminalError.self) {
            try Editor(command: "exit 3; :").edit(path: path)
        }
        #expect(
            error?.description
                == "The editor failed: exit 3; :: exit code 3."
                + " Nothing was changed. Set EDITOR to an editor that works here.")
    }

    @Test("a pager that is left early is no failure; one that does not exist shows nothing")
    func earlyExit() {
        let text = String(repeating: "line\n", count: 200_000)
        #expect(Pager(command: "true").show(text))
        #expect(Pager(command: "head -1 >/dev/null").show(text))
        #expect(!Pager(command: "tally-no-such-pager 2>/dev/null").show(text))
    }
}
