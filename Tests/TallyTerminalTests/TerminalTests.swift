import TallyTerminal
import Testing

@Suite struct TerminalTests {
    private let wide = Terminal.Device(isTerminal: true, columns: 132, lines: 50)
    private let silent = Terminal.Device(isTerminal: true)

    private func terminal(
        _ output: Terminal.Device, _ error: Terminal.Device, _ variables: [String: String] = [:]
    ) -> Terminal {
        Terminal(output: output, error: error) { variables[$0] }
    }

    @Test("the device says how wide it is, then COLUMNS, then it is 80")
    func width() {
        #expect(terminal(wide, .none, ["COLUMNS": "40"]).width == 132)
        #expect(terminal(silent, .none, ["COLUMNS": "40", "LINES": "12"]).width == 40)
        #expect(terminal(silent, .none, ["COLUMNS": "40", "LINES": "12"]).height == 12)
        #expect(terminal(silent, .none, ["COLUMNS": "wide"]).width == 80)
        #expect(terminal(silent, .none, ["COLUMNS": "-1"]).width == 80)
        #expect(terminal(silent, .none).height == 24)
        #expect(terminal(.none, wide).width == 132)
    }

    @Test("text is fitted to a terminal only")
    func outputWidth() {
        #expect(terminal(wide, .none).outputWidth == 132)
        #expect(terminal(.none, wide).outputWidth == nil)
        #expect(Terminal.none.outputWidth == nil)
    }

    @Test("colour is for terminals that want it")
    func color() {
        #expect(terminal(wide, .none).colorsOutput)
        #expect(!terminal(wide, .none).colorsErrors)
        #expect(terminal(.none, wide).colorsErrors)
        #expect(!terminal(wide, wide, ["NO_COLOR": "1"]).colorsOutput)
        #expect(terminal(wide, wide, ["NO_COLOR": ""]).colorsOutput)
        #expect(!terminal(wide, wide, ["TERM": "dumb"]).colorsErrors)
    }

    @Test("a line is drawn over only on a terminal that can move back")
    func redraw() {
        #expect(terminal(.none, wide, ["NO_COLOR": "1"]).canRedraw)
        #expect(!terminal(wide, .none).canRedraw)
        #expect(!terminal(wide, wide, ["TERM": "dumb"]).canRedraw)
    }

    @Test("a device that is a terminal knows its size")
    func device() throws {
        let pseudo = try PseudoTerminal(columns: 97, lines: 33)
        #expect(
            Terminal.Device.at(descriptor: pseudo.slave)
                == .init(
                    isTerminal: true, columns: 97, lines: 33))
        #expect(Terminal.Device.at(descriptor: -1) == .none)
    }

    @Test("a style shows only where there is colour, and only around text")
    func style() {
        let style: Style = [.bold, .red]
        #expect(style.applied(to: "lost", color: true) == "\u{1B}[1;31mlost\u{1B}[0m")
        #expect(style.applied(to: "lost", color: false) == "lost")
        #expect(style.applied(to: "", color: true) == "")
        #expect(Style.plain.applied(to: "kept", color: true) == "kept")
        #expect(Style.cyan.applied(to: "x", color: true) == "\u{1B}[36mx\u{1B}[0m")
    }
}
