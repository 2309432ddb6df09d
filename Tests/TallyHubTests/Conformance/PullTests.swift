import TallyCore
import TallyHub
import TallyStore
import TallyWire
import Testing

@Suite("Pulls: in order, from a cursor on, within bounds")
struct PullTests {
    @Test("from the start, and from each cursor on, nothing is missed and nothing comes twice")
    func cursors() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let lines = (1...7).map { replica.line("\($0)") }
        #expect(bench.push(lines).status == 200)
        let texts = lines.map { String(decoding: $0, as: UTF8.self) }
        #expect(bench.pull().lines == texts)
        for limit in 1...8 {
            var got: [String] = []
            var query = "?limit=\(limit)"
            var answers = 0
            while true {
                let answer = bench.pull(query)
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"] == "application/x-ndjson")
                got += answer.lines
                answers += 1
                let isMore = try #require(answer.headers["tally-more"])
                let cursor = try #require(answer.headers["tally-cursor"])
                #expect(answer.headers["tally-epoch"] == LogCursor(cursor)?.epoch)
                #expect(isMore == (got.count < 7 ? "true" : "false"))
                if isMore == "false" { break }
                query = "?after=\(cursor)&limit=\(limit)"
            }
            #expect(got == texts)
            #expect(answers == (7 + limit - 1) / limit)
        }
    }

    @Test("at the end there is nothing, and the cursor stays good for what comes later")
    func atTheEnd() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let start = try #require(bench.pull().headers["tally-cursor"])
        #expect(bench.push([replica.line("one")]).status == 200)
        let end = try #require(bench.pull().headers["tally-cursor"])
        #expect(bench.pull("?after=\(end)").lines == [])
        #expect(bench.pull("?after=\(end)").headers["tally-cursor"] == end)
        let later = replica.line("two")
        #expect(bench.push([later]).status == 200)
        #expect(bench.pull("?after=\(end)").body == later + [0x0a])
        #expect(bench.pull("?after=\(start)").lines.count == 2)
    }

    @Test("an answer has at most 4 MiB, but always one line where there is one")
    func bytes() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        /// A line that takes that many bytes with its newline, of text that takes some room packed too.
        func line(of size: Int) -> [UInt8] {
            func edits(_ count: Int) -> [Edit] {
                let parts = stride(from: 0, to: count, by: 60_000).map {
                    String(repeating: "x", count: min(60_000, count - $0))
                }
                return [
                    Edit(
                        kind: "event", operation: .set(fields: ["summary"]),
                        rows: parts.enumerated().map {
                            Edit.Row(
                                key: RecordKey(["test:\(1000 + $0.offset)"]),
                                values: [.text($0.element)])
                        })
                ]
            }
            var copy = replica
            var count = size - 20_000
            count += size - copy.line(edits: edits(count)).count - 1
            let line = replica.line(edits: edits(count))
            precondition(line.count == size - 1, "\(line.count) is not \(size) - 1")
            return line
        }
        let half = 2 * 1024 * 1024
        let lines = [line(of: half), line(of: half), line(of: half), line(of: half - 1)]
        for line in lines { #expect(bench.push([line]).status == 200) }
        let first = bench.pull()
        #expect(first.body.count == 2 * half)
        #expect(first.headers["tally-more"] == "true")
        let cursor = try #require(first.headers["tally-cursor"])
        let second = bench.pull("?after=\(cursor)")
        #expect(second.body.count == 2 * half - 1)
        #expect(second.headers["tally-more"] == "false")
    }

    @Test(
        "a limit or a wait out of its range, or what is no number, is 400",
        arguments: [
            "limit=0", "limit=10001", "limit=-1", "limit=", "limit", "limit=1e3", "limit=+5",
            "limit=99999999999999999999", "limit=5&limit=6", "wait=61", "wait=-1", "wait=1.5",
            "wait=x", "limit=٣", "limit=%3", "limit=%+1", "limit=%ff", "wait=%31%",
        ])
    func badQuery(_ query: String) throws {
        let answer = try HubBench().pull("?" + query)
        #expect(answer.summary == "400 bad-request")
        #expect(answer.detail.hasPrefix(query.hasPrefix("limit") ? "limit" : "wait"))
    }

    @Test("the ends of the ranges are within them; other parameters mean nothing")
    func goodQuery() throws {
        let bench = try HubBench()
        for query in [
            "limit=1", "limit=10000", "limit=0007", "wait=0", "wait=60", "x=1&&y", "",
            "%6cimit=%31%30",
        ] {
            #expect(bench.pull("?" + query).status == 200, "\(query)")
        }
    }

    @Test(
        "what is no cursor is 400",
        arguments: ["", "x", "1", "..", "a.b.c", "a.-1.0", "a.01.0", "a.1", "a.1.0.0", "%2e"])
    func badCursor(_ cursor: String) throws {
        let answer = try HubBench().pull("?after=" + cursor)
        #expect(answer.summary == "400 bad-request")
    }

    @Test("a cursor of another epoch, past the end, or where the line is another, has gone")
    func goneCursors() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        #expect(bench.push([replica.line("one"), replica.line("two")]).status == 200)
        let text = try #require(bench.pull("?limit=1").headers["tally-cursor"])
        let cursor = try #require(LogCursor(text))
        let hash = try #require(text.split(separator: ".").last)
        #expect(bench.pull("?after=\(text)").lines.count == 1)
        let encoded = text.utf8.map { "%" + [$0].hex }.joined()
        #expect(bench.pull("?after=\(encoded)").lines.count == 1)
        let gone = [
            "0b6a1f00-0000-4000-8000-000000000001.1.\(hash)",
            "0b6a1f00-0000-4000-8000-000000000001.0.0",
            "\(cursor.epoch).3.\(hash)",
            "\(cursor.epoch).9223372036854775807.\(hash)",
            "\(cursor.epoch).2.\(hash)",
            "\(cursor.epoch).1.0123456789abcdef",
            "\(cursor.epoch).1.0",
            "\(cursor.epoch).0.\(hash)",
        ]
        for other in gone {
            let answer = bench.pull("?after=\(other)")
            #expect(answer.summary == "410 cursor-gone", "\(other)")
        }
    }

    @Test("a hub made anew under the name takes no old cursor, and the tag of its heads differs")
    func anotherHub() throws {
        let (old, new) = (try HubBench(), try HubBench())
        #expect(old.heads().headers["etag"] != new.heads().headers["etag"])
        let cursor = try #require(old.pull().headers["tally-cursor"])
        #expect(new.pull("?after=\(cursor)").summary == "410 cursor-gone")
    }

    @Test("a cursor outlives the hub's process")
    func reopened() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        #expect(bench.push([replica.line("one"), replica.line("two")]).status == 200)
        let heads = bench.heads()
        let cursor = try #require(bench.pull("?limit=1").headers["tally-cursor"])
        bench.service.close()
        let again = try HubService(folder: bench.folder.path + "/hub")
        defer { again.close() }
        let answer = again.answer(
            bench.request("GET", HubBench.changesets + "?after=\(cursor)", as: "reader"))
        #expect(answer.lines.count == 1)
        #expect(
            again.answer(bench.request("GET", "/v1/datasets/korea", as: "reader")).body
                == heads.body)
    }

    @Test("lines pushed by many at once get places without holes, each after what it has seen")
    func concurrent() async throws {
        let bench = try HubBench()
        let pushes: [HubRequest] = (1...8).map { seed in
            var replica = TestReplica(seed: UInt8(seed))
            return bench.request(
                "POST", HubBench.changesets,
                body: HubBench.body((1...5).map { replica.line("\($0)", event: "test:\(seed)") }))
        }
        let service = bench.service
        await withTaskGroup(of: Int.self) { group in
            for push in pushes { group.addTask { service.answer(push).status } }
            for await status in group { #expect(status == 200) }
        }
        #expect(bench.log.count == 40)
        #expect(bench.pull("?limit=10000").headers["tally-cursor"]?.contains(".40.") == true)
    }
}
