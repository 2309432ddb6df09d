import Foundation
import TallyCore
import TallyHub
import TallyStore
import TallyWire
import Testing

@Suite("Datasets: created, listed, their heads")
struct DatasetTests {
    @Test("PUT creates a dataset, once; another id under the name is refused")
    func create() throws {
        let bench = try HubBench(isEmpty: true)
        let made = bench.put("korea", HubBench.dataset)
        #expect(made.status == 201)
        #expect(made.headers["location"] == "/v1/datasets/korea")
        #expect(made.json["dataset"]?.string == HubBench.dataset.text)
        #expect(made.json["heads"] == .object([]))
        let again = bench.put("korea", HubBench.dataset)
        #expect(again.status == 200)
        #expect(again.body == made.body)
        let other = bench.put("korea", HubBench.otherDataset)
        #expect(other.summary == "409 exists")
        #expect(other.detail.contains(HubBench.dataset.text))
        #expect(bench.heads().body == made.body)
    }

    @Test("what is created is a dataset file that any program of ours opens")
    func fileFormat() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        #expect(bench.push([replica.line("a summit")]).status == 200)
        bench.service.close()
        #expect(bench.folder.names(in: "hub") == ["hub.sqlite", "korea.tally"], "one file at rest")
        let dataset = try Dataset.open(path: bench.folder.path + "/hub/korea.tally")
        defer { dataset.close() }
        #expect(dataset.id == HubBench.dataset)
        let counts = try dataset.read { try $0.counts() }
        #expect(counts.first { $0.kind == "event" }?.count == 1)
    }

    @Test(
        "a PUT that names no dataset is refused",
        arguments: [
            "", "x", "{}", "[]", #"{"dataset":1}"#, #"{"dataset":"korea"}"#,
            #"{"dataset":"6F9619FF-8B86-4D01-B42D-00CF4FC964FF"}"#,
            #"{"dataset":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff"} x"#,
            #"{"dataset":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff","dataset":"x"}"#,
        ])
    func badCreate(_ body: String) throws {
        let bench = try HubBench(isEmpty: true)
        let answer = bench.send("PUT", "/v1/datasets/korea", as: "admin", body: Array(body.utf8))
        #expect(answer.summary == "422 invalid")
        #expect(bench.heads().summary == "404 unknown-dataset")
    }

    @Test("members of a PUT that are not known mean nothing")
    func unknownMembers() throws {
        let bench = try HubBench(isEmpty: true)
        let body = #"{"later":{"x":[1]},"dataset":"\#(HubBench.dataset)"}"#
        #expect(
            bench.send("PUT", "/v1/datasets/korea", as: "admin", body: Array(body.utf8)).status
                == 201)
    }

    @Test("the list has what exists and the token may see, and nothing else")
    func list() throws {
        let bench = try HubBench()
        try bench.addMember("ada", .admin, of: ["korea", "japan", "asia"])
        #expect(bench.put("asia", HubBench.otherDataset, as: "ada").status == 201)
        let rows = bench.send("GET", "/v1/datasets", as: "ada").json["datasets"]?.array?.map {
            "\($0["name"]?.string ?? "") \($0["dataset"]?.string ?? "") \($0["role"]?.string ?? "")"
        }
        #expect(
            rows == ["asia \(HubBench.otherDataset) admin", "korea \(HubBench.dataset) admin"])
        #expect(
            bench.send("GET", "/v1/datasets", as: "stranger").text == "{\"datasets\":[]}\n")
    }

    @Test("heads name what the log holds, and round-trip as the message they are")
    func heads() throws {
        let bench = try HubBench()
        var a = TestReplica(seed: 1)
        var b = TestReplica(seed: 2)
        let lines = [a.line(), a.line("later"), b.line(seen: a.asSeen)]
        #expect(bench.push(lines).taken == "3/0")
        let message = try #require(DatasetHeads(bench.heads().json))
        #expect(message.heads == [a.id: try #require(a.head), b.id: try #require(b.head)])
        #expect(message.name == "korea")
        #expect(message.format == 1)
        #expect(bench.pull("?after=\(message.cursor)").lines == [])
    }

    @Test("the tag of the heads is strong, stays while they stay, and changes when they do")
    func tag() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let first = try #require(bench.heads().headers["etag"])
        #expect(first.hasPrefix("\"") && first.hasSuffix("\"") && first.utf8.count == 34)
        #expect(bench.heads().headers["etag"] == first)
        #expect(bench.push([replica.line()]).status == 200)
        let second = try #require(bench.heads().headers["etag"])
        #expect(second != first)
        for header in [second, "W/" + second, "\"x\", \(second)", "*"] {
            let answer = bench.send(
                "GET", "/v1/datasets/korea", headers: ["if-none-match": header])
            #expect(answer.status == 304)
            #expect(answer.body.isEmpty)
            #expect(answer.headers["etag"] == second)
        }
        for header in [first, "\"\"", ""] {
            let answer = bench.send(
                "GET", "/v1/datasets/korea", headers: ["if-none-match": header])
            #expect(answer.status == 200)
        }
        let unchanged = bench.push([[]])
        #expect(unchanged.status == 422)
        #expect(bench.heads().headers["etag"] == second, "a refused push changes nothing")
    }

    @Test("a half-made dataset of a hub that was killed is not in the way")
    func halfMade() throws {
        let bench = try HubBench(isEmpty: true)
        let draft = bench.folder.path + "/hub/korea.tally.part"
        try FileBytes.replace(draft, with: Array("half".utf8))
        #expect(bench.put("korea", HubBench.dataset).status == 201)
        #expect(bench.folder.names(in: "hub").filter { $0.hasSuffix(".part") } == [])
    }

    @Test(
        "a file that is deleted or replaced under a hub takes nothing more, and comes back with the hub"
    )
    func replaced() throws {
        let bench = try HubBench()
        let path = bench.folder.path + "/hub/korea.tally"
        var mina = TestReplica(seed: 0x11)
        let line = mina.line()
        #expect(bench.heads().status == 200)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        #expect(bench.push([line]).summary == "500 fault")
        #expect(bench.heads().summary == "500 fault")
        #expect(bench.push([line]).note?.contains("deleted or replaced") == true)
        try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
        #expect(bench.push([line]).status == 200)
    }

    @Test("a file that is no dataset is a fault of the hub, and its path stays in the log")
    func damaged() throws {
        let bench = try HubBench(isEmpty: true)
        try FileBytes.replace(
            bench.folder.path + "/hub/korea.tally", with: Array("garbage".utf8))
        let answer = bench.heads()
        #expect(answer.summary == "500 fault")
        #expect(!answer.text.contains(bench.folder.path))
        #expect(answer.note?.contains("korea.tally") == true)
    }
}

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
