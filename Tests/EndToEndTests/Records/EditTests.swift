import Foundation
import Testing

/// `edit`, with editors that are scripts.
@Suite struct EditTests {
    private func edit(
        _ analyst: Analyst, _ script: String, _ arguments: String..., record: String = Desk.kosis
    ) throws -> Finished {
        try analyst.write(script, to: "editor.sh")
        return try analyst.tally(
            ["edit", record] + arguments,
            environment: ["VISUAL": "sh editor.sh", "EDITOR": "false", "TMPDIR": analyst.folder])
    }

    /// The texts that were kept, their names left out.
    private func kept(_ analyst: Analyst) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: analyst.folder)
            .filter { $0.hasPrefix("tally-edit-") }
            .map { try String(contentsOfFile: "\(analyst.folder)/\($0)", encoding: .utf8) }
    }

    private func withoutPath(_ errors: String) -> String {
        errors.replacing(#/tally-edit-\w+\.txt/#, with: "FILE")
            .replacing(#/in /\S*//#, with: "in ")
    }

    @Test("what is changed in the editor is written, and nothing else")
    func changed() throws {
        let desk = try Desk()
        let mina = desk.mina
        let end = try edit(
            mina,
            "cp \"$1\" seen.txt; ls -l \"$1\" > mode.txt; sed -i 's/^status = A/status = P/' \"$1\"",
            "-m", "provisional")
        #expect(end.status == 0)
        #expect(end.plainOutput == "Changed \(Desk.kosis)\n")
        #expect(end.errors.isEmpty)
        #expect(try mina.must("query", "SELECT status, note FROM trade").output.contains("P"))
        #expect(try mina.must("log", "-n", "1").output.contains("provisional"))
        let seen = try String(contentsOfFile: "\(mina.folder)/seen.txt", encoding: .utf8)
        #expect(seen.contains("\nvalue = 124817682000\n"))
        #expect(seen.contains("\ntags =\n- a\n- b\n"))
        #expect(
            try String(contentsOfFile: "\(mina.folder)/mode.txt", encoding: .utf8)
                .hasPrefix("-rw-------"))
        #expect(try kept(mina).isEmpty)
        let json = try edit(mina, "sed -i 's/^note.*/note = 한국 \\\\n \"x\"/' \"$1\"", "--json")
        #expect(json.json["schema"] as? String == "tally.edit/v1")
        #expect(json.json["record"] as? String == Desk.kosis)
        #expect(try mina.export().contains(#""note":"한국 \\n \"x\"""#))
    }

    @Test(
        "a file that is left as it is, emptied or taken away changes nothing",
        arguments: ["true", ": > \"$1\"", "rm \"$1\"", "echo '# only this' > \"$1\""])
    func unchanged(script: String) throws {
        let desk = try Desk()
        let end = try edit(desk.mina, script)
        #expect(end.status == 0)
        #expect(end.output == "Nothing was changed\n")
        #expect(try desk.mina.changesetCount() == 1)
        #expect(try kept(desk.mina).isEmpty)
    }

    @Test("without a terminal to ask, what cannot be taken is kept in a file that is named")
    func refused() throws {
        let desk = try Desk()
        let end = try edit(desk.mina, "printf 'note = my long text\\nvalue = many\\n' > \"$1\"")
        #expect(end.status == 65)
        #expect(end.output.isEmpty)
        #expect(
            withoutPath(end.errors) == """
                tally: The text cannot be taken: line 2: value "many" is no number; nothing was written
                Write digits, as in 124800000000 or 0.5
                Your text is kept in FILE

                """)
        #expect(try kept(desk.mina) == ["note = my long text\nvalue = many\n"])
        #expect(try desk.mina.changesetCount() == 1)
    }

    @Test(
        "garbage is refused: bytes that are no text, NUL, a rule that is broken, an unknown field",
        arguments: [
            (
                "cat /bin/sh",
                "is no field = value|it is not UTF-8|is of no set|goes on with no"
            ),
            ("printf 'note = \\377\\n'", "line 1: it is not UTF-8"),
            ("printf 'note = a\\000b\\n'", "line 1: note \"a\\\\u0000b\" is not text"),
            ("printf 'note = \\033[31mred\\n'", "line 1: note \"\\\\u001b\\[31mred\" is not text"),
            ("printf 'valeu = 1\\n'", "Did you mean value"),
            ("printf 'source = x\\n'", "tally rename"),
            ("printf 'unit = QQQ\\n'", "is not in the code list"),
            ("head -c 20000000 /dev/zero", "is larger than"),
        ])
    func garbage(write: String, expected: String) throws {
        let desk = try Desk()
        let end = try edit(desk.mina, "\(write) > \"$1\"")
        #expect(end.status == 65)
        #expect(try end.errors.contains(Regex(expected)), "\(end.errors)")
        #expect(end.errors.contains("Your text is kept in "))
        #expect(!end.errors.utf8.contains(0x1b) && !end.errors.utf8.contains(0))
        #expect(try desk.mina.changesetCount() == 1)
    }

    @Test("an editor that fails writes nothing; what it had written is kept")
    func failing() throws {
        let desk = try Desk()
        let untouched = try edit(desk.mina, "exit 3")
        #expect(untouched.status == 74)
        #expect(
            untouched.errors == "tally: The editor failed: sh editor.sh: exit code 3.\n"
                + "Nothing was changed. Set EDITOR to an editor that works here.\n")
        #expect(try kept(desk.mina).isEmpty)
        let half = try edit(desk.mina, "echo 'value = 1' > \"$1\"; exit 1")
        #expect(half.status == 74)
        #expect(half.errors.contains("\nYour text is kept in "))
        #expect(try kept(desk.mina) == ["value = 1\n"])
        let missing = try desk.mina.tally(
            "edit", Desk.kosis, environment: ["VISUAL": "no-such-editor"])
        #expect(missing.status == 74)
        #expect(missing.errors.contains("no-such-editor: exit code 127"))
        #expect(try desk.mina.changesetCount() == 1)
    }

    @Test("with no editor named and no terminal it says what to do")
    func noEditor() throws {
        let desk = try Desk()
        let end = try desk.mina.tally(
            "edit", Desk.kosis, environment: ["VISUAL": "", "EDITOR": ""])
        #expect(end.status == 74)
        #expect(
            end.errors
                == "tally: $VISUAL and $EDITOR name no editor, and there is no terminal for one\n"
                + "Set one, as in export EDITOR=nano, or use: tally set RECORD field=value\n")
        #expect(
            try desk.mina.tally("edit", "event/none", environment: ["VISUAL": "true"]).errors
                == "tally: There is no record event/none\nSee what there is with: tally list event\n"
        )
    }

    /// A command that another process runs while the editor is open: the file is not locked.
    private func meanwhile(_ analyst: Analyst, _ command: String) -> String {
        "\(Program.tally.path) \(command) > meanwhile.txt 2>&1 || exit 9\n"
    }

    @Test("others write while the editor is open; what they changed too is not overwritten")
    func overtaken() throws {
        let desk = try Desk()
        let mina = desk.mina
        let beside = try edit(
            mina,
            meanwhile(mina, "set \(Desk.kosis) note=other tags+=c")
                + "sed -i 's/^value.*/value = 5/; s/^- a/- d/' \"$1\"")
        #expect(beside.status == 0, "\(beside.errors)")
        #expect(
            try mina.must("query", "SELECT value, note, tags FROM trade").output
                == "value  note   tags\n    5  other  [\"b\",\"c\",\"d\"]\n")

        let end = try edit(
            mina,
            meanwhile(mina, "set \(Desk.kosis) value=6 note=third")
                + "sed -i 's/^value.*/value = 7/; s/^tags.*/tags =\\n- new/' \"$1\"")
        #expect(end.status == 1)
        #expect(end.output.isEmpty)
        #expect(
            withoutPath(end.errors) == """
                tally: \(Desk.kosis) was changed meanwhile: value was 5 and is 6; nothing was written
                Look at it with tally show \(Desk.kosis), then edit it again.
                Your text is kept in FILE

                """)
        #expect(try kept(mina).first?.contains("\nvalue = 7\n") == true)
        #expect(try mina.must("query", "SELECT value, tags FROM trade").output.contains("6"))

        let gone = try edit(
            mina, meanwhile(mina, "delete \(Desk.kosis)") + "sed -i 's/^value.*/value = 8/' \"$1\"")
        #expect(gone.status == 66)
        #expect(
            withoutPath(gone.errors) == "tally: \(Desk.kosis) was deleted\n"
                + "Bring it back with: tally restore \(Desk.kosis)\n"
                + "See what it held with: tally history \(Desk.kosis)\nYour text is kept in FILE\n")
        try mina.must("verify")
    }

    @Test("two editors at once: of two who change one field the first to save has it")
    func twoEditors() throws {
        let desk = try Desk()
        let mina = desk.mina
        try mina.write("sed -i 's/^note.*/note = second/' \"$1\"", to: "second.sh")
        let second =
            "VISUAL='sh second.sh' \(Program.tally.path) edit \(Desk.kosis) > second.txt 2>&1\n"
        let both = try edit(mina, second + "sed -i 's/^status.*/status = P/' \"$1\"")
        #expect(both.status == 0, "\(both.errors)")
        #expect(
            try mina.must("query", "SELECT status, note FROM trade").output
                == "status  note\nP       second\n")
        try mina.write("sed -i 's/^note.*/note = third/' \"$1\"", to: "second.sh")
        let end = try edit(mina, second + "sed -i 's/^note.*/note = first/' \"$1\"")
        #expect(end.status == 1)
        #expect(end.errors.contains("note was second and is third; nothing was written"))
        #expect(try kept(mina).count == 1)
        #expect(try mina.changesetCount() == 4)
    }

    @Test("a figure that is changed has no vintage, and that is said")
    func vintage() throws {
        let desk = try Desk { try $0.must("set", Desk.kosis, "released=2024-01-15") }
        let end = try edit(desk.mina, "sed -i 's/^value.*/value = 5/' \"$1\"")
        #expect(
            end.errors
                == "released 2024-01-15 was taken away, since the figure is another; where it still holds: "
                + "tally set \(Desk.kosis) released=2024-01-15\n")
        #expect(try desk.mina.must("query", "SELECT released FROM trade").output == "released\n\n")
    }

    @Test("the file says what is in conflict, and a change settles it")
    func conflict() throws {
        let desk = try Desk()
        try desk.mina.must("set", Desk.kosis, "note=mine")
        try desk.jun.must("set", Desk.kosis, "note=yours")
        try desk.sync()
        let id = try #require(try desk.mina.conflicts().first?["id"] as? String)
        let untouched = try edit(
            desk.mina, "cp \"$1\" seen.txt; sed -i 's/^status.*/status = P/' \"$1\"")
        #expect(untouched.errors.isEmpty)
        let seen = try String(contentsOfFile: "\(desk.mina.folder)/seen.txt", encoding: .utf8)
        #expect(seen.contains("# In conflict (\(id)): a change settles it.\nnote = yours\n"))
        #expect(try desk.mina.conflicts().count == 1)
        let settled = try edit(desk.mina, "sed -i 's/^note.*/note = ours/' \"$1\"")
        #expect(settled.errors == "This settles the conflict \(id) over note.\n")
        #expect(try desk.mina.conflicts().isEmpty)
    }

    @Test("who does not want the editor again has the text in a file", arguments: ["n\n", "\u{4}"])
    func enough(answer: String) throws {
        let desk = try Desk()
        let mina = desk.mina
        try mina.write("echo 'value = many' > \"$1\"", to: "editor.sh")
        let terminal = try TypedTerminal()
        let running = try Running(
            "/bin/sh",
            ["-c", "exec \(Program.tally.path) edit \(Desk.kosis) < \(terminal.path)"],
            environment: mina.environment(["VISUAL": "sh editor.sh", "TMPDIR": mina.folder]),
            folder: mina.folder)
        _ = try running.waitForLine(beginning: "Open the editor again?", of: \.errors)
        terminal.type(answer)
        let end = running.wait()
        #expect(end.status == 65)
        #expect(withoutPath(end.errors).hasSuffix("Your text is kept in FILE\n"))
        #expect(try kept(mina) == ["value = many\n"])
        #expect(try mina.changesetCount() == 1)
    }

    @Test(
        "at a terminal the editor opens again, with what was wrong at the top and the text as it was"
    )
    func again() throws {
        let desk = try Desk()
        let mina = desk.mina
        try mina.write(
            """
            cp "$1" "seen-$(ls seen-* 2>/dev/null | wc -l).txt"
            if grep -q '^#! line 3: value "many"' "$1"; then sed -i 's/many/42/' "$1"
            else printf 'value = many\\nnote = 긴 글\\n' > "$1"; fi

            """, to: "editor.sh")
        let terminal = try TypedTerminal()
        let running = try Running(
            "/bin/sh",
            ["-c", "exec \(Program.tally.path) edit \(Desk.kosis) < \(terminal.path)"],
            environment: mina.environment(["VISUAL": "sh editor.sh", "TMPDIR": mina.folder]),
            folder: mina.folder)
        _ = try running.waitForLine(beginning: "Open the editor again?", of: \.errors)
        terminal.type("y\n")
        let end = running.wait()
        #expect(end.status == 0, "\(end.errors)")
        #expect(
            end.errors == "line 1: value \"many\" is no number\n"
                + "Write digits, as in 124800000000 or 0.5\nOpen the editor again? [Y/n]\n")
        #expect(
            try String(contentsOfFile: "\(mina.folder)/seen-1.txt", encoding: .utf8) == """
                #! line 3: value "many" is no number
                #! Write digits, as in 124800000000 or 0.5
                value = many
                note = 긴 글

                """)
        #expect(try mina.must("query", "SELECT value, note FROM trade").output.contains("42  긴 글"))
        #expect(try kept(mina).isEmpty)
    }
}
