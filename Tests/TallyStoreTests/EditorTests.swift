import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire
import Testing

/// Writing changesets: one or several in one transaction, all or nothing.
struct EditorTests {
    private static func remark(_ number: Int) -> RecordAddress {
        RecordAddress(kind: "event", key: RecordKey(["\(number)"]))
    }

    private static func title(_ text: String) -> RecordEdit {
        .set(statement: "title", value: [.text(text)])
    }

    @Test("25,000 records become three changesets of one group, the last of them marked")
    func group() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let written = try mina.write(Authoring(message: "import big.csv", isImport: true)) {
            editor in
            for number in 0..<25_000 {
                try editor.edit(Self.remark(number), [Self.title("t\(number)")])
            }
            #expect(try editor.hasEdited(Self.remark(0)))
            #expect(try editor.hasEdited(Self.remark(10_000)))
            #expect(try editor.hasEdited(Self.remark(24_999)))
            #expect(try !editor.hasEdited(Self.remark(25_000)))
        }
        #expect(written.revisions.map(\.seq) == [1, 2, 3])
        let infos = try mina.dataset.read { access in
            try written.revisions.map { try access.info(of: $0) }
        }
        #expect(infos.map(\.rowCount).reduce(0, +) == 25_000)
        #expect(infos.map { $0.group?.part } == [1, 2, 3])
        #expect(infos.map { $0.group?.isLast } == [false, false, true])
        #expect(Set(infos.map { $0.group?.id }).count == 1)
        #expect(infos.allSatisfy { $0.message == "import big.csv" && $0.isImport })
        #expect(infos[0].at < infos[1].at && infos[1].at < infos[2].at)
        #expect(try mina.dataset.read { try $0.counts() }.first?.count == 25_000)
        #expect(try mina.sql("SELECT 1 FROM tally_state").isEmpty)
        #expect(try mina.verification(in: folder).faults == [])
    }

    @Test("records that fill one line exactly are one changeset without a group")
    func oneLine() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let written = try mina.write { editor in
            for number in 0..<9_800 { try editor.edit(Self.remark(number), [.create]) }
        }
        let info = try mina.dataset.read { try $0.info(of: written.revisions[0]) }
        #expect(written.revisions.count == 1)
        #expect(info.group == nil && info.rowCount == 9_800)
        #expect(try mina.verification(in: folder).faults == [])
    }

    @Test("a line ends before it is too long")
    func longTexts() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text = String(repeating: "\"\n", count: 30_000)
        let written = try mina.write { editor in
            for number in 0..<100 {
                let edit = RecordEdit.set(statement: "summary", value: [.text(text)])
                try editor.edit(Self.remark(number), [edit])
            }
        }
        #expect(written.revisions.count > 1)
        let bytes = try mina.dataset.lines().map(\.count)
        #expect(bytes.allSatisfy { $0 <= Changeset.maximumLineBytes })
        #expect(try mina.verification(in: folder).faults == [])
    }

    @Test("the edits of a line are in an order of their own, whatever the order they came in")
    func order() throws {
        let folder = try TestFolder()
        var lines: [String] = []
        for (index, order) in [[0, 1, 2, 3], [3, 1, 0, 2]].enumerated() {
            let mina = try folder.copy("mina\(index)")
            try mina.write { try $0.edit(Self.remark(9), [.create]) }
            try mina.write { editor in
                let all: [(RecordAddress, [RecordEdit])] = [
                    (Self.remark(2), [Self.title("b"), .add("tags", "x"), .add("tags", "y")]),
                    (Self.remark(1), [Self.title("a"), .remove("tags", "x")]),
                    (Self.remark(9), [.delete]),
                    (Self.remark(3), [.add("actors", "KOR"), .add("tags", "x")]),
                ]
                for place in order { try editor.edit(all[place].0, all[place].1) }
            }
            let changeset = try mina.dataset.read { try $0.changeset(at: 2) }
            lines.append(
                changeset.edits.map { edit in
                    "\(edit.operation.name) \(edit.rows.map { $0.key.parts[0] })"
                }.joined(separator: "; "))
        }
        #expect(
            lines[0] == #"delete ["9"]; set ["1", "2"]; add ["3"]; add ["2", "3"]; remove ["1"]"#)
        #expect(lines[0] == lines[1])
    }

    @Test("nothing to write writes no changeset, and mints no replica")
    func nothing() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        #expect(try mina.write { _ in } == Written())
        #expect(try mina.write { try $0.edit(Self.remark(1), []) } == Written())
        #expect(try mina.dataset.read(\.heads).isEmpty)
        #expect(try mina.person.identities.replicas().isEmpty)
    }

    @Test("a write that fails half way leaves file and identity as they were")
    func rollback() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let first = try mina.edit("event/1", .create)
        let heads = try mina.dataset.read(\.heads)
        #expect(throws: CancellationError.self) {
            try mina.write { editor in
                for number in 0..<21_000 { try editor.edit(Self.remark(number), [.create]) }
                throw CancellationError()
            }
        }
        #expect(try mina.dataset.read(\.heads) == heads)
        #expect(try mina.dataset.read { try $0.counts() }.first?.count == 1)
        #expect(try mina.person.identities.entry(of: first.replica)?.head?.seq == 1)
        #expect(mina.person.identities.areFree)
        #expect(try mina.edit("event/2", .create) == Revision(first.replica, 2))
    }

    @Test("an interruption leaves nothing half done")
    func interruption() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        var workplace = mina.person.workplace
        workplace.isInterrupted = { true }
        let error = #expect(throws: StoreError.self) {
            try mina.dataset.write(at: workplace) { try $0.edit(Self.remark(1), [.create]) }
        }
        #expect(error?.code == .interrupted)
        #expect(try mina.dataset.read(\.heads).isEmpty)
    }

    @Test("a record too large for a line is refused, and nothing is written")
    func tooLarge() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let edits = ["actors", "targets", "participants", "citations", "tags"].flatMap { field in
            (0..<1000).map { number in
                let text = String(number) + String(repeating: "x", count: 1000)
                return RecordEdit.add(field, text)
            }
        }
        let error = #expect(throws: StoreError.self) {
            try mina.write { editor in
                try editor.edit(Self.remark(1), [.create])
                try editor.edit(Self.remark(2), edits)
            }
        }
        #expect(error?.code == .badInput)
        #expect(error?.message.hasSuffix("bytes; a changeset holds at most 4194304") == true)
        #expect(error?.hint == "Enter it in several steps.")
        #expect(try mina.dataset.read(\.heads).isEmpty)
        #expect(try mina.person.identities.replicas().isEmpty)
        #expect(mina.person.identities.areFree)
    }

    @Test("what every reader would refuse is not written")
    func unreadable() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        func refusal(
            author: String = "mina", message: String? = nil, _ edits: [RecordEdit] = [.create]
        ) -> String? {
            var workplace = mina.person.workplace
            workplace.author = author
            let error = #expect(throws: StoreError.self) {
                try mina.dataset.write(at: workplace, Authoring(message: message)) {
                    try $0.edit(Self.remark(1), edits)
                }
            }
            return error?.message
        }
        #expect(
            refusal(author: "")
                == #"author "" is empty, longer than 256 bytes, or has control characters"#)
        #expect(refusal(author: "a\u{1b}[2J")?.hasPrefix("author ") == true)
        let long = String(repeating: "x", count: 65_537)
        #expect(
            refusal(message: long) == "The message is longer than 64 KiB or has control characters")
        #expect(
            refusal((0...1000).map { .add("tags", "\($0)") })
                == "1001 elements of tags of event/1 are changed at once")
        #expect(try mina.dataset.read(\.heads).isEmpty)
        #expect(try mina.edit("event/1", .create).seq == 1)
        let jun = try folder.copy("jun", of: mina)
        #expect(try jun.dataset.read(\.heads).count == 1)
    }

    @Test("the message may be set until the first line is full")
    func message() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let written = try mina.write { editor in
            #expect(editor.message == nil)
            editor.message = "why"
            try editor.edit(Self.remark(1), [.create])
        }
        let info = try mina.dataset.read { try $0.info(of: written.revisions[0]) }
        #expect(info.message == "why" && !info.isImport)
        #expect(info.author == "mina" && info.machine == "mina-laptop")
    }

    @Test(
        "what no reader of the log would take is not written",
        arguments: [
            ("event", ["a\u{7}b"], RecordEdit.create, "id \"a\\u0007b\" is no identifier"),
            ("event", [""], .delete, "id \"\" is no identifier"),
            ("event", ["a", "b"], .create, "the key has 2 parts; event has 1"),
            ("later", ["a\nb"], .create, "key part 1 is no text of 1 to 1024 bytes on one line"),
            (
                "event", ["a"], .add("tags", "t\u{1}"),
                "an element is no text of 1 to 1024 bytes on one line"
            ),
            (
                "event", ["a"], .remove("tags", ""),
                "an element is no text of 1 to 1024 bytes on one line"
            ),
            (
                "event", ["a"], .set(statement: "title", value: [.number(1)]),
                "title 1 is no text"
            ),
            (
                "event", ["a"], .set(statement: "date", value: [.text("soon"), .null]),
                "date \"soon\" is no date"
            ),
            (
                "event", ["a"], .set(statement: "date", value: [.null]), "1 values for 2 fields"
            ),
            (
                "event", ["a"], .reopen(statement: "title", versions: [[.text("\u{1b}")]]),
                "title \"\\u001b\" is no text"
            ),
            (
                "event", ["a"], .reopen(statement: "title", versions: []),
                "0 values for versions of 1 fields"
            ),
        ])
    func shape(kind: String, key: [String], edit: RecordEdit, reason: String) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let address = RecordAddress(kind: kind, key: RecordKey(key))
        let error = #expect(throws: StoreError.self) {
            try mina.write { try $0.edit(address, [edit]) }
        }
        #expect(error?.code == .fault)
        #expect(error?.message == "\(address) cannot be written: \(reason); nothing was written")
        #expect(try mina.dataset.lines().isEmpty)
        try mina.edit("event/a", Self.title("t"))
        #expect(try mina.verification(in: folder).faults == [])
    }
}
