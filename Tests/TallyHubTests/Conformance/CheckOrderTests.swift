import TallyCore
import TallyHub
import TallyWire
import Testing

@Suite("The order of the checks: the first fault names the answer")
struct CheckOrderTests {
    /// A fault and what answers it while all that follow are there too.
    private struct Fault {
        let summary: String
        /// Part of the detail.
        let detail: String
        let mend: (inout Push) -> Void
    }

    /// A push with every fault at once.
    private struct Push {
        var line: RawLine
        var padding = [UInt8](repeating: 0x20, count: 5 * 1024 * 1024)
        var member: String? = nil
        var name = "Korea"
    }

    @Test(
        "size, token, name, role, dataset, JSON, format, dataset, replica, key, signature, seq, prev, seen, edits"
    )
    func order() throws {
        let bench = try HubBench()
        try bench.addMember("early", .writer, of: ["korea", "japan"])
        var replica = TestReplica(seed: 1)
        let other = TestReplica(seed: 2)
        #expect(bench.push([replica.line()]).status == 200)
        let good = replica.rawLine()
        let zeros = String(repeating: "0", count: 64)

        var push = Push(line: good)
        push.line.append("author", "\"twice\"")
        push.line["format"] = "2"
        push.line["dataset"] = "\"\(HubBench.otherDataset)\""
        push.line["replica"] = "\"K3M9\""
        push.line["key"] =
            "\"\(String(decoding: Base64URL.encode(other.key.publicKey.bytes), as: UTF8.self))\""
        push.line.hasBadSignature = true
        push.line["seq"] = "9"
        push.line["prev"] = "\"\(zeros)\""
        push.line["seen"] = "{\"\(other.id)\":[1,\"\(zeros)\"]}"
        push.line["edits"] = "[]"

        let faults: [Fault] = [
            Fault(summary: "413 too-large", detail: "bytes") { $0.padding = [] },
            Fault(summary: "401 unauthenticated", detail: "token") { $0.member = "reader" },
            Fault(summary: "400 bad-request", detail: "\"Korea\"") { $0.name = "japan" },
            Fault(summary: "403 forbidden", detail: "japan") { $0.member = "early" },
            Fault(summary: "404 unknown-dataset", detail: "japan") { $0.name = "korea" },
            Fault(summary: "422 invalid line=1", detail: "\"author\" stands twice") {
                let wrong = $0.line
                $0.line = good
                for name in ["format", "dataset", "replica", "key", "seq", "prev", "seen", "edits"]
                {
                    $0.line[name] = wrong[name]
                }
                $0.line.hasBadSignature = true
            },
            Fault(summary: "422 invalid line=1", detail: "format 2") { $0.line["format"] = "1" },
            Fault(summary: "422 invalid line=1", detail: "of dataset \(HubBench.otherDataset)") {
                $0.line["dataset"] = "\"\(HubBench.dataset)\""
            },
            Fault(summary: "422 invalid line=1", detail: "base32") {
                $0.line["replica"] = "\"\(replica.id)\""
            },
            Fault(summary: "422 invalid line=1", detail: "the key is that of replica \(other.id)") {
                $0.line["key"] = nil
            },
            Fault(summary: "422 invalid line=1", detail: "signature") {
                $0.line.hasBadSignature = false
            },
            Fault(summary: "409 gap line=1 expected=2", detail: "is 2, not 9") {
                $0.line["seq"] = "2"
            },
            Fault(summary: "409 unseen line=1", detail: "prev is \(zeros)") {
                $0.line["prev"] = good["prev"]
            },
            Fault(summary: "409 unseen line=1", detail: "has seen \(other.id):1") {
                $0.line["seen"] = "{}"
            },
            Fault(summary: "422 invalid line=1", detail: "edits is empty") {
                $0.line["edits"] = good["edits"]
            },
        ]
        for fault in faults {
            let answer = send(push, to: bench)
            #expect(answer.summary == fault.summary)
            #expect(answer.detail.contains(fault.detail), "\(answer.detail)")
            fault.mend(&push)
        }
        #expect(send(push, to: bench).taken == "1/0", "nothing else is wrong with it")
    }

    private func send(_ push: Push, to bench: HubBench) -> HubAnswer {
        bench.send(
            "POST", "/v1/datasets/\(push.name)/changesets", as: push.member,
            body: push.line.bytes + push.padding)
    }

    @Test("of several lines the first that is refused names the answer, whatever follows")
    func lines() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let first = replica.line()
        var bad = replica.rawLine()
        bad.hasBadSignature = true
        _ = replica.line()
        let gap = replica.line()
        #expect(bench.push([first, gap, bad.bytes]).summary == "409 gap line=2 expected=2")
        #expect(bench.push([first, bad.bytes, gap]).summary == "422 invalid line=2")
        #expect(bench.log == [])
    }

    @Test("the same for a GET: token, name, query, role, dataset, cursor")
    func get() throws {
        let bench = try HubBench()
        let cursor = "0b6a1f00-0000-4000-8000-000000000001.7.0123456789abcdef"
        func get(_ name: String, _ query: String, as member: String?) -> String {
            bench.send("GET", "/v1/datasets/\(name)/changesets?\(query)", as: member).summary
        }
        #expect(get("Korea", "limit=0&after=\(cursor)", as: nil) == "401 unauthenticated")
        #expect(get("Korea", "limit=0&after=\(cursor)", as: "stranger") == "400 bad-request")
        #expect(get("elsewhere", "limit=0&after=\(cursor)", as: "reader") == "400 bad-request")
        #expect(get("elsewhere", "limit=1&after=\(cursor)", as: "reader") == "403 forbidden")
        #expect(
            get("elsewhere", "limit=1&after=\(cursor)", as: "stranger") == "404 unknown-dataset")
        #expect(get("korea", "limit=1&after=\(cursor)", as: "reader") == "410 cursor-gone")
    }
}
