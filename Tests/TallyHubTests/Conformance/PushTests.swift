import Dispatch
import TallyCore
import TallyHub
import TallyStore
import TallyWire
import Testing

@Suite("Pushes: taken whole or refused whole")
struct PushTests {
    @Test("lines are taken and handed on as the bytes that came")
    func verbatim() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        var spaced = RawLine(replica.line(), key: replica.key)
        // A writer may order members, space them and write numbers as it likes.
        spaced["edits"] = "  [ " + (spaced["edits"] ?? "").dropFirst().dropLast() + " ]"
        spaced["x-later"] = "{\"kept\" : [1.50e1]}"
        let answer = bench.push([spaced.bytes])
        #expect(answer.taken == "1/0")
        #expect(bench.log == [String(decoding: spaced.bytes, as: UTF8.self)])
    }

    @Test("the answer names the heads that changed, and no others")
    func changedHeads() throws {
        let bench = try HubBench()
        var a = TestReplica(seed: 1)
        var b = TestReplica(seed: 2)
        #expect(bench.push([a.line()]).status == 200)
        let old = a.head
        let push = try #require(PushAnswer(bench.push([b.line(), b.line()]).json))
        #expect(push.heads == [b.id: try #require(b.head)])
        #expect(push.cursor == DatasetHeads(bench.heads().json)?.cursor)
        #expect(a.head == old)
    }

    @Test("rows that somebody wrote into the hub's own file are set back, kept, and counted")
    func editsAtTheHub() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        #expect(bench.push([replica.line()]).status == 200)
        let file = bench.folder.path + "/hub/korea.tally"
        func sqlite(_ sql: String) throws -> String {
            let run = try Shell.run("sqlite3", file, sql)
            #expect(run.status == 0, "\(run.errors)")
            return run.output
        }
        let before = try sqlite("SELECT * FROM event")
        #expect(!before.isEmpty)
        _ = try sqlite(
            "UPDATE event SET note = 'at the hub'; INSERT INTO event (id) VALUES ('entered-here')")
        #expect(bench.push([replica.line()]).status == 200)
        #expect(
            try sqlite("SELECT * FROM event WHERE note = 'at the hub' OR id = 'entered-here'") == ""
        )
        #expect(
            try sqlite("SELECT kind, reason FROM tally_refused")
                == "event|at a hub nothing is edited\nevent|at a hub nothing is edited\n")
        let metrics = bench.send("GET", "/metrics", as: nil).text
        #expect(metrics.contains("tally_hub_rows_set_back_total 2\n"))
    }

    @Test("what is here already is a duplicate, not an error; it may stand among new lines")
    func duplicates() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let lines = [replica.line(), replica.line(), replica.line()]
        #expect(bench.push([lines[0], lines[1]]).taken == "2/0")
        #expect(bench.push(lines).taken == "1/2")
        let again = bench.push([lines[2], lines[0], lines[0]])
        #expect(again.taken == "0/3")
        #expect(again.json["heads"] == .object([]))
        #expect(bench.log.count == 3)
        #expect(bench.push([]).taken == "0/0", "an empty push is no error")
    }

    @Test("a line whose bytes differ but whose hash does not cannot be: a changed line is a fork")
    func fork() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        var twin = replica
        let other = TestReplica(seed: 1)
        #expect(bench.push([replica.line("one"), replica.line("two")]).taken == "2/0")
        let before = bench.log
        let answer = bench.push([twin.line("another")])
        #expect(answer.summary == "409 fork line=1")
        #expect(answer.detail.contains("\(other.id):1"))
        #expect(bench.log == before)
    }

    @Test("a gap names the seq that would be taken, also on a line in the middle")
    func gap() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let lines = (1...5).map { replica.line("\($0)") }
        var answer = bench.push([lines[1]])
        #expect(answer.summary == "409 gap line=1 expected=1", "a replica that is not known")
        #expect(answer.json["replica"]?.string == replica.id.text)
        answer = bench.push([lines[0], lines[1], lines[3], lines[4]])
        #expect(answer.summary == "409 gap line=3 expected=3")
        #expect(answer.json["replica"]?.string == replica.id.text)
        #expect(bench.log == [], "all or nothing")
        #expect(bench.push([lines[0]]).taken == "1/0")
        #expect(bench.push([lines[3]]).summary == "409 gap line=1 expected=2")
    }

    @Test("a line that has seen what is not here is refused by name")
    func unseen() throws {
        let bench = try HubBench()
        var a = TestReplica(seed: 1)
        var b = TestReplica(seed: 2)
        let first = a.line("one")
        let seen = a.asSeen
        _ = a.line("two")
        let notHere = b.line(seen: a.asSeen)
        #expect(bench.push([first]).status == 200)
        let answer = bench.push([notHere])
        #expect(answer.summary == "409 unseen line=1")
        #expect(answer.detail.contains("\(a.id):2"))

        var c = TestReplica(seed: 3)
        let hash = try #require(ChangesetHash(String(repeating: "0", count: 64)))
        let otherHash = c.line(
            seen: [Changeset.Seen(revision: seen[0].revision, hash: hash)])
        #expect(bench.push([otherHash]).summary == "409 unseen line=1")
        var d = TestReplica(seed: 4)
        #expect(bench.push([d.line(seen: seen)]).taken == "1/0")
    }

    @Test("a prev that is not the hash of the line before is unseen")
    func wrongPrevious() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        #expect(bench.push([replica.line()]).status == 200)
        var line = replica.rawLine()
        line["prev"] = "\"\(String(repeating: "0", count: 64))\""
        #expect(bench.push([line.bytes]).summary == "409 unseen line=1")
        line["prev"] = nil
        #expect(bench.push([line.bytes]).summary == "422 invalid line=1")
    }

    @Test("one bad line refuses the whole push, whichever it is", arguments: [1, 2, 3, 4])
    func allOrNothing(_ bad: Int) throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        var lines = (1...4).map { replica.line("\($0)") }
        lines[bad - 1][lines[bad - 1].count / 2] ^= 1
        let tag = bench.heads().headers["etag"]
        let answer = bench.push(lines)
        #expect(answer.status >= 400)
        #expect(answer.json["line"]?.count == bad)
        #expect(bench.log == [])
        #expect(bench.heads().headers["etag"] == tag)
    }

    @Test("lines end with a newline, the last may do without; an empty line is invalid")
    func newlines() throws {
        let newline: [UInt8] = [0x0a]
        func push(_ body: (_ a: [UInt8], _ b: [UInt8]) -> [UInt8]) throws -> String {
            var replica = TestReplica(seed: 1)
            let (a, b) = (replica.line("a"), replica.line("b"))
            let answer = try HubBench().send("POST", HubBench.changesets, body: body(a, b))
            return answer.status == 200 ? answer.taken : answer.summary
        }
        #expect(try push { $0 + newline + $1 + newline } == "2/0")
        #expect(try push { $0 + newline + $1 } == "2/0")
        #expect(try push { $0 + newline + newline + $1 } == "422 invalid line=2")
        #expect(try push { $0 + newline + $1 + newline + newline } == "422 invalid line=3")
        #expect(try push { newline + $0 + newline + $1 } == "422 invalid line=1")
        #expect(try push { _, _ in newline } == "422 invalid line=1")
        #expect(try push { _, _ in [] } == "0/0")
        #expect(try push { $0 + [0x0d] + newline + $1 } == "422 invalid line=1")
        #expect(try push { [0xef, 0xbb, 0xbf] + $0 + newline + $1 } == "422 invalid line=1")
        #expect(
            try push { _, _ in [UInt8](repeating: 0x0a, count: 4_000_000) }
                == "422 invalid line=1")
    }

    @Test("any writer may hand on what another replica signed; the log notes who brought it")
    func handedOn() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let lines = [replica.line(), replica.line()]
        #expect(bench.push([lines[0]], as: "writer").status == 200)
        #expect(bench.push(lines, as: "admin").taken == "1/1")
        bench.service.close()
        #expect(
            try Shell.run(
                "sqlite3", bench.folder.path + "/hub/korea.tally",
                "SELECT group_concat(member) FROM tally_log"
            ).output == "writer,admin\n")
    }

    @Test("a line of the greatest length is taken alone, with its newline; more is too large")
    func sizes() throws {
        let maximum = Changeset.maximumLineBytes
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        var line = RawLine(replica.line(), key: replica.key)
        line["padding"] = "\"\""
        let room = maximum - line.bytes.count
        line["padding"] = "\"" + String(repeating: "x", count: room) + "\""
        let whole = line.bytes
        #expect(whole.count == maximum)
        line["padding"] = "\"" + String(repeating: "x", count: room + 1) + "\""
        #expect(bench.push([line.bytes]).summary == "413 too-large")
        #expect(
            bench.send("POST", HubBench.changesets, body: line.bytes).summary == "413 too-large")
        var other = TestReplica(seed: 2)
        #expect(bench.push([whole, other.line()]).summary == "413 too-large")
        #expect(bench.log == [])
        #expect(bench.push([whole]).taken == "1/0", "4 MiB and the newline")
        #expect(bench.pull().body == whole + [0x0a])
    }

    @Test("a push may have 4 MiB in many lines, and not a byte more")
    func manyLines() throws {
        let maximum = 4 * 1024 * 1024
        func push(of size: Int) throws -> HubAnswer {
            var (a, b) = (TestReplica(seed: 1), TestReplica(seed: 2))
            var line = RawLine(a.line(), key: a.key)
            let second = b.line()
            line["padding"] = "\"\""
            let room = size - line.bytes.count - second.count - 2
            line["padding"] = "\"" + String(repeating: "x", count: room) + "\""
            let body = HubBench.body([line.bytes, second])
            #expect(body.count == size)
            return try HubBench().send("POST", HubBench.changesets, body: body)
        }
        #expect(try push(of: maximum).taken == "2/0")
        #expect(try push(of: maximum + 1).summary == "413 too-large")
    }

    @Test("too many rows in a line are invalid")
    func tooManyRows() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let rows = (0...Changeset.maximumRows).map {
            Edit.Row(key: RecordKey(["test:\(100_000 + $0)"]))
        }
        let edit = Edit(kind: "event", operation: .delete, rows: rows)
        let answer = bench.push([replica.line(edits: [edit])])
        #expect(answer.summary == "422 invalid line=1")
        #expect(answer.detail.contains("10000 rows"))
    }

    @Test("a hub whose dataset is held by another program says busy, and when to come again")
    func busy() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let line = replica.line()
        let other = try Dataset.open(path: bench.folder.path + "/hub/korea.tally")
        defer { other.close() }
        let answer = try other.writeLocally { _ in bench.push([line]) }
        #expect(answer.summary == "503 busy")
        #expect(answer.headers["retry-after"] == "2")
        #expect(!answer.text.contains(bench.folder.path))
        #expect(bench.push([line]).taken == "1/0")
    }

    @Test("who reads does not queue behind a push that waits to be written")
    func readsGoOn() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let push = bench.request("POST", HubBench.changesets, body: replica.line())
        let service = bench.service
        let other = try Dataset.open(path: bench.folder.path + "/hub/korea.tally")
        defer { other.close() }
        let done = DispatchGroup()
        let start = ContinuousClock.now
        try other.writeLocally { _ in
            DispatchQueue.global().async(group: done) { _ = service.answer(push) }
            while ContinuousClock.now - start < .milliseconds(200) {
                #expect(bench.heads().status == 200)
                #expect(bench.log == [])
            }
        }
        #expect(ContinuousClock.now - start < .seconds(3))
        done.wait()
        #expect(bench.log.count == 1)
    }
}
