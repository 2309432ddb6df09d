import Foundation
import StoreTestSupport
import Synchronization
import TallyCore
import TallyStore
import TallySync
import TallyWire
import TallyZstd
import Testing

/// Clones from a hub that a test plays.
struct SnapshotCloneTests {
    /// Gives parts of what it holds, and does what it is told before each answer.
    private final class FakeHub: HTTPExchange, Sendable {
        private let state: Mutex<[UInt8]>
        private let coding: String?
        private let count = Mutex(0)
        private let before: @Sendable (Int, FakeHub) throws(HTTPError) -> HTTPResponse?

        init(
            _ bytes: [UInt8], coding: String? = nil,
            _ before: @escaping @Sendable (Int, FakeHub) throws(HTTPError) -> HTTPResponse? = {
                (_, _) throws(HTTPError) in nil
            }
        ) {
            state = Mutex(bytes)
            self.coding = coding
            self.before = before
        }

        var requests: Int { count.withLock { $0 } }

        func change(_ bytes: [UInt8]) { state.withLock { $0 = bytes } }

        func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
            let number = count.withLock { count in
                count += 1
                return count
            }
            if let answer = try before(number, self) { return answer }
            let bytes = state.withLock { $0 }
            var tag = SnapshotTag()
            tag.take(bytes)
            if let wanted = request.headers["If-Range"], wanted != tag.text {
                return HTTPResponse(status: 200, headers: [], body: bytes)
            }
            let ends = (request.headers["Range"] ?? "").split { "=-".contains($0) }
                .compactMap { Int($0) }
            let part = Array(bytes[ends[0]..<min(ends[1] + 1, bytes.count)])
            var headers = [
                HTTPHeader("ETag", tag.text),
                HTTPHeader(
                    "Content-Range", "bytes \(ends[0])-\(ends[0] + part.count - 1)/\(bytes.count)"),
            ]
            if let coding { headers.append(HTTPHeader("Content-Encoding", coding)) }
            return HTTPResponse(status: 206, headers: headers, body: part)
        }
    }

    private let folder: TestFolder
    private let mina: Copy
    private let ana = Person("ana")

    init() throws {
        folder = try TestFolder()
        mina = try folder.copy("mina")
        try mina.edit(korea, .figure(1))
    }

    private func snapshot() throws -> [UInt8] {
        let made = try mina.dataset.makeSnapshot(beside: folder.file("made"))
        return try made.file.bytes(at: 0, count: made.file.byteCount)
    }

    private func clone(
        _ exchange: any HTTPExchange, pieceBytes: Int = 10_000
    ) throws -> SnapshotClone.Outcome {
        let address = try #require(HubAddress("https://hub.example/korea"))
        let hub = HubTransport(address, token: "secret", exchange: exchange)
        let heads = try FileTransport(mina.dataset).heads()
        let outcome = try SnapshotClone(
            from: hub, heads, to: folder.file("ana.tally"), remote: "origin", at: ana.workplace,
            pieceBytes: pieceBytes
        ).run()
        let names = folder.names.filter { $0.hasPrefix("ana") }
        #expect(names == (outcome == .made ? ["ana.tally"] : []))
        return outcome
    }

    private func expectWhole() throws {
        let dataset = try Dataset.open(path: folder.file("ana.tally"))
        defer { dataset.close() }
        #expect(try dataset.lines() == mina.dataset.lines())
    }

    @Test("as it is, and packed", arguments: [false, true])
    func whole(isPacked: Bool) throws {
        let bytes = try snapshot()
        let hub = FakeHub(
            isPacked ? Zstd.compress(bytes) : bytes, coding: isPacked ? "zstd" : nil)
        #expect(try clone(hub, pieceBytes: 1000) == .made)
        #expect(hub.requests > 3)
        try expectWhole()
    }

    @Test("a connection that breaks costs the part that was under way")
    func broken() throws {
        let hub = FakeHub(try snapshot()) { (number, _) throws(HTTPError) in
            if number.isMultiple(of: 2) {
                throw HTTPError(.connectionLost, host: "hub.example", message: "lost")
            }
            return nil
        }
        let retrying = RetryingHTTP(hub, sleep: { _ in true }, random: { 0 }, now: { 0 })
        let count = try snapshot().count
        #expect(try clone(retrying) == .made)
        let parts = (count + 9999) / 10_000
        #expect(hub.requests == 2 * parts - 1)
        try expectWhole()
    }

    @Test("a snapshot that is made anew meanwhile is taken from its beginning")
    func changed() throws {
        let old = try snapshot()
        try mina.edit(korea, .figure(2))
        let new = try snapshot()
        let hub = FakeHub(old) { (number, hub) throws(HTTPError) in
            if number == 3 { hub.change(new) }
            return nil
        }
        #expect(try clone(hub) == .made)
        try expectWhole()
    }

    @Test(
        "a hub without one is told from one whose snapshot is no good", arguments: [404, 405, 501])
    func none(_ status: Int) throws {
        let hub = FakeHub([]) { (_, _) throws(HTTPError) in
            HTTPResponse(status: status, body: Array(#"{"type":"about:blank"}"#.utf8))
        }
        #expect(try clone(hub) == .none)
        #expect(hub.requests == 1)
    }

    @Test("whatever is wrong with it, it is not used, and nothing is left")
    func unusable() throws {
        let bytes = try snapshot()
        func outcome(_ hub: FakeHub, pieceBytes: Int = 10_000) throws -> String {
            guard case .unusable(let reason) = try clone(hub, pieceBytes: pieceBytes) else {
                return "it was used"
            }
            return reason
        }
        func always(_ answer: HTTPResponse) -> FakeHub {
            FakeHub(bytes) { (_, _) throws(HTTPError) in answer }
        }
        #expect(try outcome(FakeHub(Array("<html>".utf8))).contains("no dataset of a format"))
        #expect(
            try outcome(FakeHub(Array(bytes.dropLast(4096)))).contains("SQLite finds it damaged"))
        #expect(
            try outcome(always(HTTPResponse(status: 200, body: [1])))
                == "the hub does not send it in parts")
        #expect(
            try outcome(always(HTTPResponse(status: 206, body: [1])))
                .contains("does not say which part of it came"))
        #expect(try outcome(always(HTTPResponse(status: 502))).contains("answered 502"))
        let fault = Problem(.fault, "the disk is full")
        #expect(
            try outcome(always(HTTPResponse(status: 500, body: fault.json.bytes)))
                .contains("the disk is full"))
        #expect(
            try outcome(FakeHub(Zstd.compress(bytes) + [0], coding: "zstd"))
                .contains("zstd"))
        #expect(
            try outcome(FakeHub(Array(Zstd.compress(bytes).dropLast(10)), coding: "zstd"))
                .contains("cut off"))
        let bomb = Zstd.compress([UInt8](repeating: 0, count: 50 << 20))
        #expect(
            try outcome(FakeHub(bomb, coding: "zstd")) == "it unpacks to far more than was sent")
        let tooLarge = FakeHub(bytes) { (_, _) throws(HTTPError) in
            throw HTTPError(.tooLarge, host: "hub.example", message: "too large")
        }
        #expect(try outcome(tooLarge) == "the hub does not send it in parts")
    }

    @Test("a byte that arrives as another is seen, wherever it lies")
    func damaged() throws {
        let bytes = try snapshot()
        for offset in [100, bytes.count / 2, bytes.count - 1] {
            let hub = FakeHub(bytes) { (number, hub) throws(HTTPError) in
                guard number == 1 else { return nil }
                var flipped = bytes
                flipped[offset] ^= 1
                var tag = SnapshotTag()
                tag.take(bytes)
                return HTTPResponse(
                    status: 206,
                    headers: [
                        HTTPHeader("ETag", tag.text),
                        HTTPHeader("Content-Range", "bytes 0-\(bytes.count - 1)/\(bytes.count)"),
                    ], body: flipped)
            }
            #expect(
                try clone(hub, pieceBytes: bytes.count)
                    == .unusable("it did not arrive as it was sent"))
        }
    }

    @Test("who may not have it is told so", arguments: [ProblemWord.unauthenticated, .forbidden])
    func notPermitted(_ word: ProblemWord) throws {
        let hub = FakeHub([]) { (_, _) throws(HTTPError) in
            HTTPResponse(status: word.status, body: Problem(word, "no").json.bytes)
        }
        let error = #expect(throws: SyncError.self) { try clone(hub) }
        #expect(error?.code == .notPermitted)
        #expect(!folder.names.contains { $0.hasPrefix("ana") })
    }

    @Test("a file that is there is left as it is")
    func exists() throws {
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.file("ana.tally")))
        #expect(throws: StoreError.self) { try clone(FakeHub(try snapshot())) }
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: folder.file("ana.tally")))
                == Data("mine".utf8))
    }
}
