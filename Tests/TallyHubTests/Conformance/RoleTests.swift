import Foundation
import TallyCore
import TallyHub
import TallyStore
import TallyWire
import Testing

/// Who may do what: method, path, body, and the status for reader, writer, admin.
private let matrix: [(String, String, String, [String: Int])] = [
    ("GET", "/v1/datasets", "", ["reader": 200, "writer": 200, "admin": 200]),
    ("GET", "/v1/datasets/korea", "", ["reader": 200, "writer": 200, "admin": 200]),
    ("GET", "/v1/datasets/korea/changesets", "", ["reader": 200, "writer": 200, "admin": 200]),
    ("GET", "/v1/datasets/korea/snapshot", "", ["reader": 200, "writer": 200, "admin": 200]),
    ("POST", "/v1/datasets/korea/changesets", "", ["reader": 403, "writer": 200, "admin": 200]),
    (
        "PUT", "/v1/datasets/korea", #"{"dataset":"\#(HubBench.dataset)"}"#,
        ["reader": 403, "writer": 403, "admin": 200]
    ),
]

@Suite("Tokens and roles")
struct RoleTests {
    @Test("reader < writer < admin", arguments: matrix)
    func roles(_ method: String, _ path: String, _ body: String, _ expected: [String: Int]) throws {
        let bench = try HubBench()
        for (member, status) in expected {
            let answer = bench.send(method, path, as: member, body: Array(body.utf8))
            #expect(answer.status == status, "\(member)")
            #expect(answer.word == (status == 403 ? .forbidden : nil))
        }
        #expect(bench.send(method, path, as: nil, body: Array(body.utf8)).status == 401)
    }

    @Test(
        "without a valid token everything is 401 and asks for one",
        arguments: [
            nil, "tally_unknown", "Bearer", "Bearer ", "Basic dGFsbHk6eA==", "Bearer tally_",
            "Bearer tally_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ])
    func noToken(_ authorization: String?) throws {
        let bench = try HubBench()
        var headers = HubHeaders()
        if let authorization { headers.add("authorization", authorization) }
        for (method, path, _, _) in matrix {
            let answer = bench.send(method, path, as: nil, headers: headers)
            #expect(answer.summary == "401 unauthenticated")
            #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
        }
    }

    @Test("the scheme is taken in any case")
    func scheme() throws {
        let bench = try HubBench()
        let headers: HubHeaders = ["AUTHORIZATION": "bearer \(bench.token(of: "reader"))"]
        #expect(bench.send("GET", "/v1/datasets", as: nil, headers: headers).status == 200)
    }

    @Test("a token without a role for a name is told the same whether the dataset exists or not")
    func noLeak() throws {
        let bench = try HubBench()
        let there = bench.send("GET", "/v1/datasets/korea", as: "stranger")
        let notThere = bench.send("GET", "/v1/datasets/japan", as: "stranger")
        #expect(there.summary == "403 forbidden")
        #expect(notThere.summary == "403 forbidden")
        #expect(there.detail.replacing("korea", with: "japan") == notThere.detail)
        #expect(bench.put("korea", HubBench.dataset, as: "stranger").summary == "403 forbidden")
        #expect(bench.put("japan", HubBench.dataset, as: "stranger").summary == "403 forbidden")
    }

    @Test("a token with a role for a name that does not exist is told so")
    func unknownDataset() throws {
        let bench = try HubBench()
        for (method, end) in [("GET", ""), ("GET", "/changesets"), ("POST", "/changesets")] {
            let answer = bench.send(method, "/v1/datasets/elsewhere" + end, as: "stranger")
            #expect(answer.summary == "404 unknown-dataset")
        }
        try bench.addMember("rita", .reader, of: ["elsewhere"])
        let answer = bench.send("POST", "/v1/datasets/elsewhere/changesets", as: "rita")
        #expect(answer.summary == "403 forbidden", "the role is checked before the dataset")
    }

    @Test("a revoked token ends at once; one dataset taken from it leaves the others")
    func revoked() throws {
        let bench = try HubBench()
        try bench.addMember("ada", .admin, of: ["korea", "japan"])
        #expect(bench.put("japan", HubBench.otherDataset, as: "ada").status == 201)
        let now = Timestamp(milliseconds: 1)
        #expect(try bench.service.members.revoke(name: "ada", dataset: "korea", at: now) == 1)
        #expect(bench.send("GET", "/v1/datasets/korea", as: "ada").summary == "403 forbidden")
        #expect(bench.send("GET", "/v1/datasets/japan", as: "ada").status == 200)
        #expect(try bench.service.members.revoke(name: "ada", dataset: "japan", at: now) == 1)
        let answer = bench.send("GET", "/v1/datasets/japan", as: "ada")
        #expect(answer.summary == "401 unauthenticated", "nothing is left of it")
        #expect(try bench.service.members.revoke(name: "ada", at: now) == 0)

        #expect(try bench.service.members.revoke(name: "writer", at: now) == 1)
        #expect(bench.push([]).summary == "401 unauthenticated")
        #expect(bench.heads().status == 200, "others go on")
    }

    @Test("a token is 6 + 43 characters; the file holds its hash and not the token")
    func storedAsHash() throws {
        let bench = try HubBench()
        let token = bench.token(of: "writer")
        #expect(token.hasPrefix("tally_"))
        #expect(token.utf8.count == 49)
        #expect(Base64URL.decode(token.utf8.dropFirst(6))?.count == 32)
        bench.service.members.close()
        let path = bench.folder.path + "/hub/hub.sqlite"
        let bytes = try #require(try FileBytes.read(path, limit: 1 << 20))
        let file = String(decoding: bytes, as: UTF8.self)
        #expect(!file.contains(token.dropFirst(6)))
        #expect(file.contains("writer"))
    }

    @Test("the list of tokens says who may do what since when")
    func list() throws {
        let bench = try HubBench()
        try bench.addMember("mina", .writer, of: ["korea", "japan"])
        _ = try bench.service.members.revoke(
            name: "mina", dataset: "japan", at: Timestamp(milliseconds: 5))
        let rows = try bench.service.members.tokens().filter { $0.name == "mina" }.map {
            "\($0.dataset) \($0.role) \($0.created.milliseconds) \($0.revoked?.milliseconds ?? -1)"
        }
        #expect(rows == ["japan writer 0 5", "korea writer 0 -1"])
    }

    @Test("a token for what is no name of a dataset is not made")
    func badNames() throws {
        let bench = try HubBench()
        #expect(throws: (any Error).self) { try bench.addMember("mina", .reader, of: ["../x"]) }
        #expect(throws: (any Error).self) {
            try bench.addMember("two words", .reader, of: ["korea"])
        }
        #expect(throws: (any Error).self) { try bench.addMember("a\nb", .reader, of: ["korea"]) }
    }

    @Test("a token that another process makes counts at once")
    func otherProcess() throws {
        let bench = try HubBench()
        let other = try MemberStore(path: bench.folder.path + "/hub/hub.sqlite")
        defer { other.close() }
        let token = try other.createToken(
            name: "late", datasets: ["korea"], role: .reader, at: Timestamp(milliseconds: 0))
        let headers: HubHeaders = ["authorization": "Bearer \(token.text)"]
        #expect(bench.send("GET", "/v1/datasets/korea", as: nil, headers: headers).status == 200)
        _ = try other.revoke(name: "late", at: Timestamp(milliseconds: 1))
        #expect(bench.send("GET", "/v1/datasets/korea", as: nil, headers: headers).status == 401)
    }

    @Test("members that cannot be read are to be restored, not saved like a dataset")
    func damaged() throws {
        let bench = try HubBench()
        let path = bench.folder.path + "/damaged.sqlite"
        try MemberStore(path: path).close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in 100..<bytes.count { bytes[index] = 0x55 }
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: StoreError.self) {
            try MemberStore(path: path).createToken(
                name: "late", datasets: ["korea"], role: .reader, at: Timestamp(milliseconds: 0))
        }
        #expect(error?.code == .damaged)
        #expect(error?.hint == "Restore a backup of \(path).")
    }
}
