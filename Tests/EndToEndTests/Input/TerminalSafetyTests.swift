import Foundation
import Testing

/// What a terminal would obey or hide is refused or shown, never printed raw.
@Suite struct TerminalSafetyTests {
    /// Right-to-left override, isolate, zero-width space, byte order mark: allowed in text, and harmless only when shown.
    private static let sly = "user\u{202E}nimda \u{2066}i\u{2069} K\u{200B}OR \u{FEFF}"

    private static func isRaw(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0..<0x0a, 0x0b..<0x20, 0x7f...0x9f, 0x200b, 0x202a...0x202e, 0x2066...0x2069,
                0xfeff:
                return true
            default: return false
            }
        }
    }

    @Test(
        "a control character is refused wherever text is taken",
        arguments: [
            "\u{1B}[31mred", "\u{1B}]8;;http://x\u{1B}\\link", "bell\u{07}", "c1\u{9B}31m",
            "del\u{7F}",
        ])
    func refused(text: String) throws {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        try mina.write("id,date,title\nsrc:1,2023,\(text)\n", to: "new.csv")
        let commands = [
            ["add", "event", "date=2023", "title=\(text)"],
            ["add", "event", "date=2023", "title=x", "actors=\(text)"],
            ["add", "event", "date=2023", "title=x", "id=src:\(text)"],
            ["add", "event", "date=2023", "title=x", "-m", text], ["import", "new.csv"],
            ["config", "author", text], ["init", "new.tally", "--name", text],
            ["remote", "add", text, "../x.tally"], ["sync", "http://\(text)/korea"],
            ["show", "event/\(text)"], ["list", text], ["list", "trade", "--where", text],
            ["query", text], ["conflicts", text], ["codes", text], ["-f", text, "status"], [text],
            ["import", text], ["--\(text)"], ["resolve", text, "--take", text],
        ]
        for command in commands {
            let end = try mina.tally(command)
            #expect(end.status != 0, "\(command)")
            #expect(
                !Self.isRaw(end.output + end.errors), "\(command): \(end.errors.debugDescription)")
        }
        let author = try mina.tally(
            "add", "event", "date=2023", "title=x", environment: ["TALLY_AUTHOR": text])
        #expect(author.status == 65 && !Self.isRaw(author.errors))
        #expect(try mina.export().isEmpty)
    }

    @Test("text that reads as something else is shown for what it is, and kept as it is in files")
    func shown() throws {
        let office = try Office()
        let mina = try office.analyst(Self.sly, machine: "lap\u{202E}top")
        try mina.must("init", "korea.tally", "--name", Self.sly)
        let fields = ["date=2023", "title=\(Self.sly)", "actors=\(Self.sly)", "id=src:\(Self.sly)"]
        let added = try mina.tally(["add", "event"] + fields + ["-m", Self.sly])
        #expect(added.status == 0 && !Self.isRaw(added.output), "\(added.errors)")
        let copy = try office.analyst("jun", machine: "desk-2")
        #expect(!Self.isRaw(try copy.must("clone", mina.file, "korea.tally").output))
        let record = "event/src:\(Self.sly)"
        try mina.must("set", record, "title=\(Self.sly)1", "-m", Self.sly)
        try copy.must("set", record, "title=\(Self.sly)2")
        #expect(!Self.isRaw(try copy.must("sync").output))
        let conflict = try #require(try copy.conflicts().first?["id"] as? String)
        let commands = [
            ["show", record], ["show", record, "--json"], ["list", "event"],
            ["list", "event", "--json"], ["query", "SELECT * FROM event"],
            ["query", "SELECT char(27) || '[31m', char(155), char(8238) AS \"a\u{202E}\""],
            ["query", "--json", "SELECT char(27), char(155), char(8238)"], ["log"],
            ["log", "--json"], ["status"], ["status", "--json"], ["conflicts"],
            ["conflicts", conflict], ["conflicts", "--json"], ["replica", "list"], ["verify"],
            ["resolve", conflict, "--take", "A", "--dry-run"], ["delete", record],
            ["restore", record], ["sync"],
        ]
        for command in commands {
            let end = try copy.tally(command)
            #expect(end.status == 0, "\(command): \(end.errors)")
            #expect(
                !Self.isRaw(end.output + end.errors), "\(command): \(end.output.debugDescription)")
        }
        #expect(try copy.must("show", record).output.contains(#"user\u{202E}nimda"#))
    }

    @Test("an export to a terminal is harmless, and one to a file has the bytes")
    func export() throws {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        try mina.must("add", "event", "date=2023", "title=\(Self.sly)")
        for format in ["csv", "jsonl"] {
            let terminal = try TypedTerminal()
            let script =
                "exec \(Program.tally.path) export --kind event --format \(format) > \(terminal.path)"
            #expect(try mina.run("/bin/sh", ["-c", script]).status == 0)
            let shown = terminal.shown().replacingOccurrences(of: "\r\n", with: "\n")
            #expect(shown.contains(#"user\u{202E}nimda \u{2066}i\u{2069} K\u{200B}OR \u{FEFF}"#))
            #expect(!Self.isRaw(shown))
            try mina.must("export", "--kind", "event", "--format", format, "-o", "out.\(format)")
            let file = try String(contentsOfFile: mina.folder + "/out.\(format)", encoding: .utf8)
            #expect(file.contains(Self.sly))
        }
    }

    @Test("the hub's lists of members are harmless too")
    func hub() throws {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        let name = "mi\u{202E}na\u{200B}"
        let words = ["--data", office.folder + "/hub", "--name", name]
        let made = try mina.run(
            Program.hub.path,
            ["token", "create"] + words + ["--dataset", "korea", "--role", "writer"])
        let listed = try mina.run(
            Program.hub.path, ["token", "list", "--data", office.folder + "/hub"])
        let ended = try mina.run(Program.hub.path, ["token", "revoke"] + words)
        for end in [made, listed, ended] {
            #expect(end.status == 0, "\(end.errors)")
            #expect(end.output.contains(#"mi\u{202E}na\u{200B}"#))
            #expect(!Self.isRaw(end.output))
        }
    }
}
