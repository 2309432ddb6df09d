import Foundation
import TallyHub
import TallyStore
import TallyWire
import Testing

@Suite("The exchanges of SyncFixtures")
struct ExchangeTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("SyncFixtures/exchanges").path

    static let names: [String] = TemporaryFolder.names(in: folder)
        .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }

    static func path(_ name: String) -> String { folder + "/" + name + ".json" }

    @Test(
        "the files are those that the catalog makes; to write them anew: TALLY_WRITE_FIXTURES=1 swift test --filter ExchangeTests"
    )
    func upToDate() throws {
        for exchange in ExchangeCatalog.all {
            let text = exchange.json.pretty() + "\n"
            let path = Self.path(exchange.name)
            if ProcessInfo.processInfo.environment["TALLY_WRITE_FIXTURES"] != nil {
                try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            }
            let file = try FileBytes.read(path, limit: 1 << 24)
            #expect(file == Array(text.utf8), "\(exchange.name)")
        }
        #expect(Set(Self.names).isSubset(of: ExchangeCatalog.all.map(\.name)))
    }

    @Test("every word that a request can provoke has an exchange")
    func complete() {
        let words = Set(ExchangeCatalog.all.flatMap(\.steps).compactMap(\.answer.word))
        #expect(Set(ProblemWord.allCases).subtracting(words) == [.busy, .fault])
    }

    @Test("each is answered as it says", arguments: ExchangeTests.names)
    func play(_ name: String) throws {
        let bytes = try #require(try FileBytes.read(Self.path(name), limit: 1 << 24))
        var player = try ExchangePlayer(JSONValue(parsing: bytes))
        try player.play()
    }
}

/// Plays a file against a hub of its own, knowing nothing but the file.
struct ExchangePlayer {
    private let file: JSONValue
    private let bench: HubBench
    private var kept: [(name: String, value: String)] = []

    init(_ file: JSONValue) throws {
        self.file = file
        bench = try HubBench(isEmpty: file["dataset"] == nil)
        let lines = (file["setup"]?.array ?? []).compactMap(\.string).map { Array($0.utf8) }
        if !lines.isEmpty { #expect(bench.push(lines).status == 200) }
    }

    mutating func play() throws {
        for (index, step) in (file["steps"]?.array ?? []).enumerated() {
            try play(step, "step \(index + 1)")
        }
    }

    private mutating func play(_ step: JSONValue, _ name: Comment) throws {
        let request = try #require(step["request"])
        let expected = try #require(step["answer"])
        var headers = HubHeaders()
        for member in request["headers"]?.object ?? [] {
            headers.add(member.name, filled(member.value.string ?? ""))
        }
        let answer = bench.send(
            request["method"]?.string ?? "", filled(request["path"]?.string ?? ""),
            as: request["token"]?.string, headers: headers, body: Self.body(of: request))
        #expect(answer.status == expected["status"]?.count, name)
        let type = answer.json["type"]?.string
        if let word = expected["word"]?.string {
            #expect(type?.split(separator: ":").last.map(String.init) == word, name)
        } else {
            #expect(answer.status < 400 || type == "about:blank", name)
        }
        for header in expected["headers"]?.object ?? [] {
            #expect(answer.headers[header.name] == filled(header.value.string ?? ""), name)
        }
        if let body = expected["body"] {
            #expect(answer.json.contains(body), "\(name): \(answer.text)")
        }
        if let lines = expected["lines"]?.array {
            #expect(answer.lines == lines.compactMap(\.string), name)
        }
        for member in step["keep"]?.object ?? [] {
            let place = (member.value.string ?? "").split(separator: ":").map(String.init)
            let value =
                place[0] == "header" ? answer.headers[place[1]] : answer.json[place[1]]?.string
            kept.removeAll { $0.name == member.name }
            kept.append((member.name, try #require(value)))
        }
        if let heads = step["heads"] { #expect(bench.heads().json["heads"] == heads, name) }
    }

    private func filled(_ text: String) -> String {
        kept.reduce(text) { $0.replacing("${\($1.name)}", with: $1.value) }
    }

    private static func body(of request: JSONValue) -> [UInt8] {
        if let lines = request["lines"]?.array {
            return HubBench.body(lines.compactMap(\.string).map { Array($0.utf8) })
        }
        if let text = request["base64"]?.string { return Base64.decode(text) ?? [] }
        if let text = request["repeat"]?["text"]?.string {
            return Array(
                String(repeating: text, count: request["repeat"]?["times"]?.count ?? 0).utf8)
        }
        return Array((request["body"]?.string ?? "").utf8)
    }
}

extension JSONValue {
    /// Whether the members of `part` are here with those values; `heads` must be the same altogether.
    func contains(_ part: JSONValue) -> Bool {
        guard let members = part.object else { return self == part }
        return members.allSatisfy { member in
            guard let own = self[member.name] else { return false }
            return member.name == "heads" ? own == member.value : own.contains(member.value)
        }
    }
}
