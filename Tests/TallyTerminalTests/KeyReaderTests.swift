import Glibc
import Testing

@testable import TallyTerminal

@Suite(.serialized, .timeLimit(.minutes(10))) struct KeyReaderTests {
    @Test("keys are read one by one, and the terminal is given back")
    func reading() throws {
        let terminal = try PseudoTerminal()
        let reader = try KeyReader(path: terminal.path)
        #expect(!terminal.isCooked)
        terminal.type("a\u{3}\u{4}한\u{1B}[A\r")
        let keys = try (0..<6).map { _ in try reader.read() }
        #expect(keys == [.character("a"), .interrupt, .endOfInput, .character("한"), .up, .enter])
        reader.close()
        reader.close()
        #expect(terminal.isCooked)
    }

    @Test("what was typed ahead is not lost")
    func typeAhead() throws {
        let terminal = try PseudoTerminal()
        terminal.type("bq")
        let reader = try KeyReader(path: terminal.path)
        #expect(try [reader.read(), reader.read()] == [.character("b"), .character("q")])
    }

    @Test("an escape that nothing follows is the Escape key")
    func loneEscape() throws {
        let terminal = try PseudoTerminal()
        let reader = try KeyReader(path: terminal.path)
        terminal.type("\u{1B}")
        #expect(try reader.read() == .escape)
    }

    @Test("a reader that goes away gives the terminal back")
    func deinitialised() throws {
        let terminal = try PseudoTerminal()
        do {
            let reader = try KeyReader(path: terminal.path)
            terminal.type("x")
            #expect(try reader.read() == .character("x"))
        }
        #expect(terminal.isCooked)
    }

    @Test("the terminal is as before while it is released, and raw again after")
    func released() throws {
        let terminal = try PseudoTerminal()
        let reader = try KeyReader(path: terminal.path)
        let wasCooked = try reader.withTerminalReleased { terminal.isCooked }
        #expect(wasCooked)
        #expect(!terminal.isCooked)
        terminal.type("y")
        #expect(try reader.read() == .character("y"))
    }

    @Test("a terminal that is hung up ends the input")
    func hangUp() throws {
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        let path = try PseudoTerminal.unlock(terminal)
        let reader = try KeyReader(path: path)
        close(terminal)
        #expect(try reader.read() == .endOfInput)
    }

    @Test("a changed window asks for a new drawing")
    func resized() throws {
        let terminal = try PseudoTerminal()
        let reader = try KeyReader(path: terminal.path)
        kill(getpid(), SIGWINCH)
        #expect(try reader.read() == .redraw)
    }

    @Test("without a terminal the error says what to do instead")
    func noTerminal() {
        let missing = #expect(throws: TerminalError.self) {
            try KeyReader(path: "/nowhere/tty")
        }
        #expect(
            missing?.description
                == "No terminal to read keys from: /nowhere/tty: No such file or directory."
                + " Run it in a terminal, or give the answers as options.")
        let file = #expect(throws: TerminalError.self) { try KeyReader(path: "/dev/null") }
        #expect(file == .noTerminal(path: "/dev/null", reason: "not a terminal"))
    }

    @Test("there is one reader at a time, and a refused one does no harm")
    func oneAtATime() throws {
        let terminal = try PseudoTerminal()
        let reader = try KeyReader(path: terminal.path)
        #expect(throws: TerminalError.terminalInUse) { try KeyReader(path: terminal.path) }
        #expect(!terminal.isCooked)
        terminal.type("a")
        #expect(try reader.read() == .character("a"))
    }

    @Test("a process that exits while it reads gives the terminal back")
    func exit() async throws {
        let terminal = try PseudoTerminal()
        let path = terminal.path
        await #expect(processExitsWith: .exitCode(3)) { [path = path as String] in
            let reader = try KeyReader(path: path)
            Glibc.exit(withExtendedLifetime(reader) { 3 })
        }
        #expect(terminal.isCooked)
    }

    @Test("a signal that ends the process gives the terminal back first")
    func killed() async throws {
        let terminal = try PseudoTerminal()
        let path = terminal.path
        await #expect(processExitsWith: .signal(SIGTERM)) { [path = path as String] in
            let reader = try KeyReader(path: path)
            kill(getpid(), SIGTERM)
            _ = try reader.read()
        }
        #expect(terminal.isCooked)
    }

    @Test("a second SIGINT ends the process at once, with the terminal given back")
    func interruptedTwice() async throws {
        let terminal = try PseudoTerminal()
        let path = terminal.path
        await #expect(processExitsWith: .exitCode(130)) { [path = path as String] in
            Interruption.install()
            let reader = try KeyReader(path: path)
            kill(getpid(), SIGINT)
            let key = try reader.read()
            precondition(key == .interrupt && Interruption.isRequested)
            kill(getpid(), SIGINT)
            _ = try reader.read()
        }
        #expect(terminal.isCooked)
    }

    @Test("a stopped process has given the terminal back, and takes it again when it goes on")
    func stopped() async throws {
        let terminal = try PseudoTerminal()
        let path = terminal.path
        async let watched = Task.detached { try terminal.watchStop() }.value
        await #expect(processExitsWith: .exitCode(5)) { [path = path as String] in
            // A process group of its own, so that SIGTSTP stops it and not the tests.
            setpgid(0, 0)
            let reader = try KeyReader(path: path)
            let screen = open(path, O_WRONLY | O_NOCTTY)
            dprint(screen, "\(getpid())\n")
            let key = try reader.read()
            dprint(screen, "\(key)\n")
            let next = try reader.read()
            Glibc.exit(next == .character("x") ? 5 : 1)
        }
        #expect(
            try await watched == """
                reading: raw
                stopped: cooked
                key: redraw
                continued: raw

                """)
        #expect(terminal.isCooked)
    }
}

/// Writes `text` to a descriptor.
private func dprint(_ descriptor: Int32, _ text: String) {
    let bytes = Array(text.utf8)
    _ = write(descriptor, bytes, bytes.count)
}
