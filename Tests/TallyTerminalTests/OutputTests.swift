import Glibc
import Testing

@testable import TallyTerminal

@Suite struct OutputTests {
    static let screen = Terminal(
        output: .init(isTerminal: true, columns: 40, lines: 5),
        error: .init(isTerminal: true, columns: 40, lines: 5), environment: { _ in nil })

    @Test("results and notes go to different streams")
    func streams() throws {
        let (output, text) = Output.captured()
        output.print("result")
        output.write("raw")
        output.write(bytes: [0x0A])
        output.note("by the way")
        output.report("failed")
        try output.finish()
        #expect(text.output == "result\nraw\n")
        #expect(text.errors == "by the way\nfailed\n")
    }

    @Test("quiet drops notes and progress, not faults")
    func quiet() {
        let (output, text) = Output.captured(terminal: OutputTests.screen, isQuiet: true)
        output.note("by the way")
        output.showStatus("working")
        output.report("failed")
        #expect(text.errors == "failed\n")
    }

    @Test("standard output is buffered unless somebody watches")
    func buffering() {
        let (piped, pipedText) = Output.captured()
        piped.print("first")
        #expect(pipedText.output == "")
        piped.flush()
        #expect(pipedText.output == "first\n")
        piped.write(String(repeating: "x", count: 1 << 16))
        #expect(pipedText.output.utf8.count == 6 + 1 << 16)

        let (watched, watchedText) = Output.captured(terminal: OutputTests.screen)
        watched.print("first")
        #expect(watchedText.output == "first\n")
    }

    @Test("a reader who leaves ends the output in silence")
    func brokenPipe() throws {
        let output = Output(
            terminal: .none, isQuiet: false, output: ByteSink { _ in EPIPE },
            errors: ByteSink { _ in 0 })
        output.print("first")
        #expect(!output.isClosed)
        output.flush()
        #expect(output.isClosed)
        output.print("second")
        try output.finish()
    }

    @Test("a real pipe without a reader is a broken pipe")
    func realBrokenPipe() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        Disposition.reset(SIGPIPE, ignoring: true)
        let output = Output(
            terminal: .none, isQuiet: false, output: .descriptor(ends[1]),
            errors: .descriptor(ends[1]))
        output.print("first")
        try output.finish()
        #expect(output.isClosed)
    }

    @Test("a full disk is reported at the end, even when later writes would succeed")
    func fullDisk() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        let output = Output(
            terminal: .none, isQuiet: false, output: .descriptor(full), errors: .descriptor(full))
        output.print("lost")
        let error = #expect(throws: TerminalError.self) { try output.finish() }
        #expect(
            error?.description == "Cannot write the output: No space left on device."
                + " Check the disk or the program that reads it.")
    }

    @Test("a table is fitted to the terminal, and whole elsewhere")
    func tables() {
        var table = Table([.init("id"), .text("note")])
        table.append(["c7f2", "typed from the article of the first of September"])
        let (piped, pipedText) = Output.captured()
        piped.print(table)
        piped.flush()
        #expect(
            pipedText.output
                == "ID    NOTE\nc7f2  typed from the article of the first of September\n")
        let (watched, watchedText) = Output.captured(terminal: OutputTests.screen)
        watched.print(table)
        #expect(
            watchedText.output == "\u{1B}[1mID\u{1B}[0m    \u{1B}[1mNOTE\u{1B}[0m\n"
                + "c7f2  typed from the article of the fir…\n")
    }

    @Test("the status line gives way to everything else that is printed")
    func status() {
        let (output, text) = Output.captured(terminal: OutputTests.screen)
        output.showStatus("working")
        output.showStatus(String(repeating: "한", count: 30))
        output.note("by the way")
        output.note("once more")
        output.showStatus("still working")
        output.clearStatus()
        output.clearStatus()
        let cut = String(repeating: "한", count: 19) + "…"
        #expect(
            text.errors == "\rworking\u{1B}[K\r\(cut)\u{1B}[K\r\u{1B}[Kby the way\nonce more\n"
                + "\rstill working\u{1B}[K\r\u{1B}[K")
    }
}
