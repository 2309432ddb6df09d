import GRDB
import StoreTestSupport
import TallyCore
import Testing

@testable import TallyStore

/// What the history of a record tells: steps, reasons, vintages, states.
struct HistoryReadingTests {
    private let folder: TestFolder
    private let mina: Copy
    private let jun: Copy

    init() throws {
        folder = try TestFolder()
        mina = try folder.copy("mina", clock: TestClock("2026-11-23T10:00:00.000Z"))
        try mina.edit(korea, .figure(1), .note("typed"))
        jun = try folder.copy("jun", of: mina, clock: TestClock("2026-11-23T11:00:00.000Z"))
    }

    private var address: RecordAddress {
        get throws { try wanted(RecordAddress(korea)) }
    }

    private func steps(_ copy: Copy) throws -> [HistoryStep] {
        let address = try address
        return try copy.dataset.read { try $0.steps(of: $0.history(of: address)) }
    }

    private func changes(_ step: HistoryStep) -> [String] {
        guard let difference = step.difference else { return ["nothing"] }
        let fields = difference.fields.map { field in
            "\(field.name) \(text(field.before))>\(text(field.after))"
                + (field.conflict.map { " \($0)" } ?? "")
        }
        return (difference.what == .changed ? [] : [difference.what.rawValue]) + fields
    }

    private func text(_ content: FieldContent) -> String {
        switch content {
        case .value(let value): return value.plain
        case .elements(let elements): return elements.joined(separator: ",")
        }
    }

    @Test("before is what the author had seen, not what had come here meanwhile")
    func before() throws {
        try mina.edit(korea, .figure(2))
        try jun.edit(korea, .figure(3), .add("tags", "b"))
        try mina.pull(from: jun)
        let steps = try steps(mina)
        #expect(
            steps.map(changes) == [
                ["added", "value >1", "unit >USD", "note >typed"], ["value 1>2"],
                ["value 1>3", "tags >b"],
            ])
        #expect(steps.map(\.isConcurrent) == [false, false, true])
    }

    @Test("a resolution names what it settled, even where it changes nothing that is seen")
    func settled() throws {
        try mina.edit(korea, .figure(2))
        try jun.edit(korea, .figure(3))
        try mina.pull(from: jun)
        try mina.edit(korea, .figure(3))
        let last = try wanted(try steps(mina).last)
        #expect(changes(last) == ["value 3>3 settled"])
        #expect(last.settled.map(\.statement) == ["value"])
        #expect(last.settled[0].sides.count == 2)
    }

    @Test("a deletion, a restoration and a value that is written once more are steps")
    func existence() throws {
        try mina.edit(korea, .delete)
        try mina.edit(korea, .restore, .figure(2))
        try mina.edit(korea, .figure(2))
        #expect(
            try steps(mina).dropFirst().map(changes) == [
                ["deleted", "value 1>", "unit USD>", "note typed>"], ["restored", "value 1>2"],
                ["nothing"],
            ])
    }

    @Test("why names who wrote the value, what it replaced, and whom a resolution overruled")
    func resolved() throws {
        try mina.edit(korea, .figure(2))
        try jun.edit(korea, .figure(3))
        try mina.pull(from: jun)
        let open = try reason(mina, "value")
        #expect(open.now.content[0] == .number(3) && open.conflict != nil)
        #expect(open.replaced?.content[0] == .number(1) && open.overruled.isEmpty)

        try mina.edit(korea, .figure(2))
        let reason = try reason(mina, "unit")
        #expect(reason.now.info.author == "mina" && reason.conflict == nil)
        #expect(reason.replaced?.content[0] == .number(1))
        #expect(reason.taken?.letter == "A" && reason.taken?.stated.info.author == "mina")
        #expect(reason.overruled.map(\.letter) == ["B"])
        #expect(reason.overruled[0].stated.info.author == "jun")
        #expect(reason.overruled[0].stated.content[0] == .number(3))
    }

    @Test("why names the policy that settled a statement, and what it beat")
    func policy() throws {
        let agreed = RecordEdit.set(statement: "value", value: [.text("vintage")])
        try mina.edit("setting/policy.trade.value", agreed)
        try mina.edit(korea, .figure(2, released: "2024-03"))
        try jun.edit(korea, .figure(3, released: "2024-02"))
        try mina.pull(from: jun)
        let reason = try reason(mina, "value")
        #expect(reason.now.content[0] == .number(2) && reason.policy == .vintage)
        #expect(reason.beaten.map(\.content[0]) == [.number(3)])
        #expect(reason.overruled.isEmpty && reason.conflict == nil)
    }

    @Test("nobody has a reason for what nobody wrote")
    func unwritten() throws {
        let view = try mina.view(korea)
        #expect(try mina.dataset.read { try $0.reason(of: "quantity", in: view) } == nil)
    }

    @Test("vintages stand in the order of their dates, each with who brought it first")
    func vintages() throws {
        try mina.edit(korea, .figure(5, released: "2024-03"))
        try jun.edit(korea, .figure(4, released: "2024-02"))
        try mina.pull(from: jun)
        try mina.edit(korea, .figure(5, released: "2024-03"))
        let address = try address
        let found = try mina.dataset.read { access in
            try access.vintages(of: access.history(of: address)) { _ in true }
        }
        #expect(found.map(\.date.plain) == ["2024-02", "2024-03", ""])
        #expect(found.map(\.info.author) == ["jun", "mina", "mina"])
        #expect(found.map(\.isInForce) == [false, true, false])
        #expect(found[1].info.revision.seq == 2)
    }

    @Test("the log is searched by author, machine, time and kind")
    func search() throws {
        mina.person.clock.advance(seconds: 7200)
        try mina.edit("event/x:1", .set(statement: "title", value: [.text("Visit")]))
        try jun.edit(korea, .note("x"))
        try mina.pull(from: jun)
        func found(_ filter: ChangesetFilter, limit: Int = 9) throws -> [String] {
            try mina.dataset.read { access in
                try access.changesets(filter, limit: limit).map {
                    "\($0.author):\($0.revision.seq)"
                }
            }
        }
        #expect(try found(ChangesetFilter()) == ["jun:1", "mina:2", "mina:1"])
        #expect(try found(ChangesetFilter(), limit: 2) == ["jun:1", "mina:2"])
        #expect(try found(ChangesetFilter(author: "mina")) == ["mina:2", "mina:1"])
        #expect(try found(ChangesetFilter(author: "mina", kind: "event")) == ["mina:2"])
        #expect(try found(ChangesetFilter(kind: "trade")) == ["jun:1", "mina:1"])
        #expect(try found(ChangesetFilter(machine: "jun-laptop")) == ["jun:1"])
        let noon = Timestamp("2026-11-23T12:00:00.000Z")
        #expect(try found(ChangesetFilter(since: noon)) == ["mina:2"])
        #expect(try found(ChangesetFilter(author: "jun", since: noon)) == [])
        let person = try mina.dataset.read { try $0.filter(author: "jun@jun-laptop") }
        #expect(person.author == "jun" && person.machine == "jun-laptop")
        #expect(try mina.dataset.read { try $0.filter(author: "jun@x").machine } == "x")
        #expect(try mina.dataset.read { try $0.filter(author: "jun").machine } == nil)
    }

    @Test("the history of a record reads no changeset that did not edit it")
    func reading() throws {
        let other = try mina.edit("event/x:1", .set(statement: "title", value: [.text("Visit")]))
        try mina.edit(korea, .figure(2))
        let position = try mina.dataset.read { try $0.info(of: other).position }
        try DatabaseQueue(path: mina.dataset.path).write { db in
            try db.execute(
                sql: "UPDATE tally_log SET line = x'00' WHERE position = ?", arguments: [position])
        }
        let (address, view) = (try address, try mina.view(korea))
        try mina.dataset.read { access in
            #expect(throws: StoreError.self) { try access.changeset(at: position) }
            let history = try access.history(of: address)
            #expect(try access.steps(of: history).count == 2)
            #expect(try access.vintages(of: history) { _ in true }.count == 2)
            #expect(try access.reason(of: "value", in: view)?.now.content[0] == .number(2))
            var found = 0
            try access.compare(.time(history.entries[0].info.at), .now, kind: "trade") {
                found += $0.count
            }
            #expect(found == 1)
            try access.compare(.revision(access.coverage(of: other)), .now) { found += $0.count }
            #expect(found == 2)
            #expect(try access.changesets(ChangesetFilter(author: "mina"), limit: 9).count == 3)
        }
    }

    @Test("what changesets had seen is read once for a history, however often the team syncs")
    func coverage() throws {
        for number in 0..<20 {
            try mina.edit(korea, .figure(Double(number)))
            try jun.pull(from: mina)
            try jun.edit(korea, .note("\(number)"))
            try mina.pull(from: jun)
        }
        let address = try address
        try mina.dataset.read { access in
            let history = try access.history(of: address)
            #expect(history.entries.count == 41)
            // The last of each replica is not asked of the log.
            #expect(access.coverages.readCount == 37)
        }
        // Forwards, backwards and over each other it is what a new access says.
        let revisions = try mina.dataset.read { access in
            try access.changesets(ChangesetFilter(), limit: .max).map(\.revision)
        }
        let order = revisions.reversed() + revisions + revisions.shuffled()
        let found = try mina.dataset.read { access in
            try order.map { try access.coverage(of: $0).seen }
        }
        let expected = try Dictionary(
            uniqueKeysWithValues: revisions.map { revision in
                (revision, try mina.dataset.read { try $0.coverage(of: revision).seen })
            })
        #expect(found == order.map { expected[$0] })
    }

    @Test("a comparison holds so many steps of histories at once, not so many records")
    func steps() throws {
        for number in 0..<4 {
            for source in ["a", "b", "c"] {
                try mina.edit(
                    "event/x:\(source)", .set(statement: "title", value: [.text("\(number)")]))
            }
        }
        func lots(_ from: HistoryMoment, _ steps: Int) throws -> [Int] {
            try mina.dataset.read { access in
                var lots: [Int] = []
                try access.compare(from, .now, steps: steps) { lots.append($0.count) }
                return lots
            }
        }
        let beginning = HistoryMoment.vector(RevisionVector())
        #expect(try lots(beginning, 100) == [4])
        #expect(try lots(beginning, 8) == [3, 1])
        #expect(try lots(beginning, 1) == [1, 1, 1, 1])
        // From the middle on, a record that was edited before and twice since stands once.
        let revision = try wanted(try steps(mina).first).entry.revision
        let middle = Revision(revision.replica, 7)
        let moment = try mina.dataset.read { HistoryMoment.revision(try $0.coverage(of: middle)) }
        #expect(try lots(moment, 1) == [1, 1, 1])
    }

    private func reason(_ copy: Copy, _ field: String) throws -> ValueReason {
        let view = try copy.view(korea)
        return try wanted(try copy.dataset.read { try $0.reason(of: field, in: view) })
    }
}
