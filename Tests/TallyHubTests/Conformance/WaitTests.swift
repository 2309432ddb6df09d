import Synchronization
import TallyCore
import Testing

@testable import TallyHub

@Suite("Waiting for news")
struct WaitTests {
    private static let query = HubBench.changesets + "?wait=60"

    /// What a request waits for; nil when it is answered at once.
    private func plannedWait(_ bench: HubBench, _ query: String = WaitTests.query) -> HubWait? {
        guard case .wait(let wait) = bench.service.reply(to: bench.request("GET", query)) else {
            return nil
        }
        return wait
    }

    @Test("a request waits only when it asks to and there is nothing")
    func whenToWait() throws {
        let bench = try HubBench()
        #expect(plannedWait(bench)?.seconds == 60)
        #expect(plannedWait(bench, HubBench.changesets) == nil)
        #expect(plannedWait(bench, HubBench.changesets + "?wait=0") == nil)
        var replica = TestReplica(seed: 1)
        #expect(bench.push([replica.line()]).status == 200)
        #expect(plannedWait(bench) == nil)
        let cursor = try #require(bench.pull().headers["tally-cursor"])
        #expect(plannedWait(bench, HubBench.changesets + "?wait=7&after=\(cursor)")?.seconds == 7)
    }

    @Test("a push wakes who waits for its dataset")
    func woken() async throws {
        let bench = try HubBench()
        let wait = try #require(plannedWait(bench))
        let service = bench.service
        let waiting = Task {
            await service.waits.wait(wait) { try await Task.sleep(for: .seconds(60)) }
        }
        while service.waits.count == 0 { await Task.yield() }
        #expect(bench.send("GET", "/metrics").text.contains("tally_hub_waiting_polls 1\n"))
        var replica = TestReplica(seed: 1)
        let line = replica.line()
        #expect(bench.push([line]).status == 200)
        #expect(await waiting.value)
        #expect(bench.send("GET", Self.query).body == line + [0x0a])
        #expect(service.waits.count == 0)
    }

    @Test("a push of duplicates, a refused push and a push to another dataset wake nobody")
    func notWoken() throws {
        let bench = try HubBench()
        try bench.addMember("ada", .admin, of: ["japan"])
        #expect(bench.put("japan", HubBench.otherDataset, as: "ada").status == 201)
        var replica = TestReplica(seed: 1)
        let line = replica.line()
        #expect(bench.push([line]).status == 200)
        let generation = bench.service.waits.generation(of: "korea")
        #expect(bench.push([line]).taken == "0/1")
        #expect(bench.push([[]]).status == 422)
        var other = TestReplica(seed: 1)
        other.dataset = HubBench.otherDataset
        #expect(
            bench.send(
                "POST", "/v1/datasets/japan/changesets", as: "ada",
                body: HubBench.body([other.line()])
            ).status == 200)
        #expect(bench.service.waits.generation(of: "korea") == generation)
    }

    @Test("a push between the answer and the wait is not slept through")
    func between() async throws {
        let bench = try HubBench()
        let wait = try #require(plannedWait(bench))
        var replica = TestReplica(seed: 1)
        #expect(bench.push([replica.line()]).status == 200)
        let hasWaited = await bench.service.waits.wait(wait) {
            Issue.record("it began to wait")
        }
        #expect(hasWaited)
    }

    @Test("when the time is over the answer is an empty page")
    func timeout() async throws {
        let bench = try HubBench()
        let wait = try #require(plannedWait(bench))
        #expect(await bench.service.waits.wait(wait) {})
        let answer = bench.send("GET", Self.query)
        #expect(answer.status == 200)
        #expect(answer.body.isEmpty)
        #expect(answer.headers["tally-more"] == "false")
    }

    @Test("the end of the hub, or of the task, lets everybody go")
    func stopped() async throws {
        let bench = try HubBench()
        let wait = try #require(plannedWait(bench))
        let service = bench.service
        let long: @Sendable () async throws -> Void = { try await Task.sleep(for: .seconds(60)) }
        let cancelled = Task { await service.waits.wait(wait, sleep: long) }
        while service.waits.count == 0 { await Task.yield() }
        cancelled.cancel()
        #expect(await cancelled.value)
        #expect(service.waits.count == 0)
        let waiting = Task { await service.waits.wait(wait, sleep: long) }
        while service.waits.count == 0 { await Task.yield() }
        service.waits.close()
        #expect(await waiting.value)
        #expect(await service.waits.wait(wait, sleep: long), "nobody begins to wait any more")
    }

    @Test("a token that ends while its request waits is refused when it wakes")
    func revokedMeanwhile() async throws {
        let bench = try HubBench()
        _ = try #require(plannedWait(bench))
        _ = try bench.service.members.revoke(name: "writer", at: Timestamp(milliseconds: 1))
        #expect(bench.send("GET", Self.query).summary == "401 unauthenticated")
    }

    @Test(
        "no more wait than the bounds allow, of one member and of all; the others are told to come again"
    )
    func bounds() throws {
        var table = WaitTable()
        func wait(_ member: Int) -> HubWait {
            HubWait(dataset: "korea", member: "m\(member)", generation: 0, seconds: 60)
        }
        var tickets: [WaitTable.Ticket] = []
        for _ in 0..<WaitTable.maximumWaitsOfMember {
            guard case .wait(let ticket) = table.begin(wait(0)) else {
                Issue.record("refused too early")
                return
            }
            tickets.append(ticket)
        }
        var outcome = table.begin(wait(0))
        #expect(outcome == .tooMany)
        let (first, second) = (table.end(tickets[0]), table.end(tickets[0]))
        #expect(first && !second)
        outcome = table.begin(wait(0))
        #expect(outcome != .tooMany)
        for number in 0...WaitTable.maximumWaits { _ = table.begin(wait(1 + number / 50)) }
        #expect(table.count == WaitTable.maximumWaits)
        outcome = table.begin(wait(5000))
        #expect(outcome == .tooMany)
        let (others, woken) = (table.wake("japan"), table.wake("korea"))
        #expect(others == [])
        #expect(woken.count == WaitTable.maximumWaits)
        #expect(table.count == 0)
        outcome = table.begin(wait(0))
        #expect(outcome == .goOn, "there is news")

        let bench = try HubBench()
        let answer = bench.service.refuseWait(bench.request("GET", Self.query))
        #expect(answer.summary == "503 busy")
        #expect(answer.headers["retry-after"] == "2")
    }
}
