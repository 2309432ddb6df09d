import Dispatch
import Foundation
import Synchronization
import TallyCore
import TallyHub
import TallyStore
import TallyWire
import TallyZstd
import Testing

@Suite("Snapshots: whole, in parts, packed, as of some heads")
struct SnapshotTests {
    static let path = "/v1/datasets/korea/snapshot"

    private func bench(lines: Int = 5, freshBytes: Int? = nil) throws -> (HubBench, TestReplica) {
        let bench = try HubBench(snapshotFreshBytes: freshBytes)
        var replica = TestReplica(seed: 1)
        let lines = (0..<lines).map { replica.line("title \($0)", event: "test:\($0)") }
        #expect(bench.push(lines).status == 200)
        return (bench, replica)
    }

    private func get(
        _ bench: HubBench, _ headers: HubHeaders = [:], as member: String = "reader"
    ) -> HubAnswer {
        bench.send("GET", Self.path, as: member, headers: headers)
    }

    /// Writes a snapshot beside the hub, and opens it as any program of ours does.
    private func open<Result>(
        _ bytes: [UInt8], _ bench: HubBench, _ body: (Dataset) throws -> Result
    ) throws -> Result {
        let path = bench.folder.path + "/\(UUID().uuidString).tally"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let dataset = try Dataset.open(path: path)
        defer { dataset.close() }
        return try body(dataset)
    }

    private func rows(_ dataset: Dataset, _ sql: String) throws -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        try dataset.query(sql, columns: { _ in }, row: { rows.append($0) })
        return rows
    }

    @Test("it is a dataset file that holds the log and the records, and nothing of the hub's own")
    func content() throws {
        let (bench, _) = try bench()
        let answer = get(bench)
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/vnd.sqlite3")
        #expect(answer.headers["accept-ranges"] == "bytes")
        let etag = bench.heads().headers["etag"] ?? ""
        #expect(answer.headers["tally-heads"].map { "\"\($0)\"" } == etag)
        #expect(answer.headers["tally-cursor"] == bench.heads().json["cursor"]?.string)
        #expect(answer.headers["tally-epoch"] == bench.heads().json["epoch"]?.string)
        var tag = SnapshotTag()
        let bytes = try answer.fileBytes()
        tag.take(bytes)
        #expect(answer.headers["etag"] == tag.text)
        try open(bytes, bench) { dataset in
            let lines = try dataset.read {
                try $0.lines(after: 0, maximumCount: 100, maximumBytes: .max / 2).lines
            }
            #expect(lines.map { String(decoding: $0, as: UTF8.self) } == bench.log)
            #expect(try rows(dataset, "SELECT count(*) FROM event") == [[.integer(5)]])
            #expect(
                try rows(dataset, "SELECT count(member), count(*) FROM tally_log")
                    == [[.integer(0), .integer(5)]])
            #expect(
                try rows(dataset, "SELECT name FROM tally_meta ORDER BY name")
                    == ["dataset", "epoch", "format", "name", "schema_version"].map { [.text($0)] })
            let temporary = bench.folder.path + "/verify.tally"
            #expect(try dataset.verify(temporaryPath: temporary).faults == [])
        }
        // Not even in what is left over of a page.
        #expect(Data(bytes).range(of: Data("writer".utf8)) == nil)
        #expect(bench.folder.names(in: "hub").filter { $0.contains("snapshot") } == [])
    }

    @Test("parts of it come to all of it, however they are asked for")
    func parts() throws {
        let (bench, _) = try bench()
        let whole = try get(bench).fileBytes()
        var bytes: [UInt8] = []
        while bytes.count < whole.count {
            let part = get(bench, ["range": "bytes=\(bytes.count)-\(bytes.count + 99_999)"])
            let end = min(bytes.count + 100_000, whole.count)
            #expect(part.status == 206)
            #expect(
                part.headers["content-range"] == "bytes \(bytes.count)-\(end - 1)/\(whole.count)")
            bytes += try part.fileBytes()
        }
        #expect(bytes == whole)
        #expect(try get(bench, ["range": "bytes=-7"]).fileBytes() == whole.suffix(7))
        #expect(try get(bench, ["range": "bytes=100-"]).fileBytes() == Array(whole.dropFirst(100)))
    }

    @Test(
        "a range that begins behind the end is refused",
        arguments: ["bytes=100000000-", "bytes=100000000-100000001", "bytes=-0"])
    func unsatisfiable(_ range: String) throws {
        let (bench, _) = try bench(lines: 1)
        let count = try get(bench).fileBytes().count
        let answer = get(bench, ["range": range])
        #expect(answer.status == 416)
        #expect(answer.headers["content-range"] == "bytes */\(count)")
    }

    @Test(
        "a range that is none means nothing",
        arguments: ["bytes=2-1", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4", "bytes=", "bytes=-"])
    func noRange(_ range: String) throws {
        let (bench, _) = try bench(lines: 1)
        #expect(get(bench, ["range": range]).status == 200)
    }

    @Test("a part of another snapshot is not given: all of the new one is")
    func ifRange() throws {
        let (bench, _) = try bench()
        let tag = try #require(get(bench).headers["etag"])
        let range = "bytes=10-19"
        #expect(get(bench, ["range": range, "if-range": tag]).status == 206)
        for other in ["\"0123\"", "W/\(tag)", "Sun, 06 Nov 1994 08:49:37 GMT", ""] {
            let answer = get(bench, ["range": range, "if-range": other])
            #expect(answer.status == 200, "\(other)")
            #expect(answer.headers["etag"] == tag)
        }
        #expect(get(bench, ["if-none-match": tag]).status == 304)
        #expect(get(bench, ["if-none-match": "\"0123\""]).status == 200)
    }

    @Test("packed it is another thing with another tag, and parts are of what is packed")
    func packed() throws {
        let (bench, _) = try bench(lines: 50)
        let plain = get(bench)
        let packed = get(bench, ["accept-encoding": "gzip, zstd"])
        #expect(packed.headers["content-encoding"] == "zstd")
        #expect(packed.headers["vary"] == "accept-encoding")
        #expect(packed.headers["etag"] != plain.headers["etag"])
        let bytes = try packed.fileBytes()
        let whole = try plain.fileBytes()
        #expect(bytes.count < whole.count / 2)
        #expect(try Zstd.decompress(bytes, limit: 1 << 24) == whole)
        let part = get(bench, ["accept-encoding": "zstd", "range": "bytes=5-9"])
        #expect(part.headers["content-encoding"] == "zstd")
        #expect(part.headers["content-range"] == "bytes 5-9/\(bytes.count)")
        #expect(try part.fileBytes() == Array(bytes[5...9]))
        let refused = get(bench, ["accept-encoding": "zstd;q=0"])
        #expect(refused.headers["content-encoding"] == nil)
    }

    @Test("it stays as it is while few lines have come, and is made anew when there are many")
    func cached() throws {
        var (bench, replica) = try bench(freshBytes: 2000)
        let first = get(bench)
        let bytes = try first.fileBytes()
        #expect(bench.push([replica.line("new")]).status == 200)
        #expect(get(bench).headers["etag"] == first.headers["etag"])
        #expect(get(bench).headers["tally-cursor"] != bench.heads().json["cursor"]?.string)
        #expect(bench.push((0..<10).map { replica.line("\($0)") }).status == 200)
        let second = get(bench)
        #expect(second.headers["etag"] != first.headers["etag"])
        #expect(second.headers["tally-cursor"] == bench.heads().json["cursor"]?.string)
        // Who reads the old one is not cut off.
        #expect(try first.fileBytes() == bytes)
        #expect(bench.made == 2)
        // Of what came since, too, every bit is there.
        #expect(try open(second.fileBytes(), bench) { try $0.read(\.heads).count } == 1)
    }

    @Test("many who ask at once get one, while lines come in")
    func atOnce() throws {
        let (bench, _) = try bench(lines: 200)
        var replica = TestReplica(seed: 2)
        let push = bench.request(
            "POST", HubBench.changesets, body: HubBench.body([replica.line("meanwhile")]))
        let packed = bench.request(
            "GET", Self.path, as: "reader", headers: ["accept-encoding": "zstd"])
        let service = bench.service
        let answers = Mutex<[HubAnswer]>([])
        DispatchQueue.concurrentPerform(iterations: 7) { index in
            let answer = service.answer(index == 6 ? push : packed)
            answers.withLock { $0.append(answer) }
        }
        let statuses = answers.withLock { $0.map(\.status) }
        let tags = answers.withLock { Set($0.compactMap { $0.headers["etag"] }) }
        #expect(statuses == Array(repeating: 200, count: 7))
        #expect(tags.count == 1)
        #expect(bench.made == 1)
    }

    @Test("a hub that starts again makes the same bytes of the same log")
    func sameBytes() throws {
        let (bench, _) = try bench(lines: 50)
        let packed: HubHeaders = ["accept-encoding": "zstd"]
        let tags = [get(bench).headers["etag"], get(bench, packed).headers["etag"]]
        bench.service.close()
        let again = try HubService(folder: bench.folder.path + "/hub")
        defer { again.close() }
        let answers = [[:], packed].map {
            again.answer(bench.request("GET", Self.path, as: "reader", headers: $0))
        }
        #expect(answers.map { $0.headers["etag"] } == tags)
    }

    @Test("what a killed hub left of one is taken away")
    func leftovers() throws {
        let (bench, _) = try bench(lines: 1)
        bench.service.close()
        let hub = bench.folder.path + "/hub"
        for name in ["korea.snapshot.part", "korea.snapshot.zst.part", "korea.snapshot.part-wal"] {
            try Data("half".utf8).write(to: URL(fileURLWithPath: "\(hub)/\(name)"))
        }
        try HubService(folder: hub).close()
        #expect(bench.folder.names(in: "hub") == ["hub.sqlite", "korea.tally"])
    }

    @Test("an empty dataset has one too; what is not there has none; nobody sends one")
    func edges() throws {
        let bench = try HubBench()
        let answer = get(bench)
        #expect(answer.status == 200)
        #expect(try open(answer.fileBytes(), bench) { try $0.read(\.heads).isEmpty })
        let empty = try HubBench(isEmpty: true)
        #expect(get(empty).summary == "404 unknown-dataset")
        #expect(bench.send("PUT", Self.path).status == 405)
        #expect(bench.send("PUT", Self.path).headers["allow"] == "GET")
        #expect(get(bench, as: "stranger").summary == "403 forbidden")
    }

    @Test("rows that another tool wrote are left out; where it dropped a table there is none")
    func otherTools() throws {
        let (bench, _) = try bench()
        let path = bench.folder.path + "/hub/korea.tally"
        func tool(_ sql: String) throws {
            #expect(try Shell.run(["sqlite3", path, sql]).status == 0)
        }
        try tool("UPDATE event SET title = 'typed'")
        let titles = try open(get(bench).fileBytes(), bench) { dataset in
            try rows(dataset, "SELECT title FROM event ORDER BY id LIMIT 1")
        }
        #expect(titles == [[.text("title 0")]])
        let other = try self.bench().0
        #expect(
            try Shell.run(
                ["sqlite3", other.folder.path + "/hub/korea.tally", "DROP TABLE event"]
            ).status == 0)
        let none = get(other)
        #expect(none.status == 404)
        #expect(none.word == nil)
    }
}

extension HubAnswer {
    /// Of an answer that lies on the disk.
    fileprivate func fileBytes() throws -> [UInt8] {
        try file.map { try $0.bytes(at: 0, count: $0.byteCount) } ?? []
    }
}

extension HubBench {
    /// How many snapshots the hub has made.
    fileprivate var made: Int {
        let line = send("GET", "/metrics", as: nil).lines
            .first { $0.hasPrefix("tally_hub_snapshots_made_total ") }
        return line.flatMap { Int($0.split(separator: " ")[1]) } ?? -1
    }
}
