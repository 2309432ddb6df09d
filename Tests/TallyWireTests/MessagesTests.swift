import TallyCore
import TallyWire
import Testing

private let hash = String(repeating: "0f", count: 32)

private func heads() throws -> [ReplicaID: Head] {
    let head = Head(seq: 3, hash: try #require(ChangesetHash(hash)))
    return [try Samples.key(0x22).replica: head, try Samples.key(0x11).replica: head]
}

private func changed(_ json: JSONValue, _ name: String, _ value: JSONValue?) -> JSONValue {
    .object(
        (json.object ?? []).compactMap { member in
            member.name == name ? value.map { JSONValue.Member(name, $0) } : member
        })
}

struct MessagesTests {
    @Test("the heads of a dataset are written and read back")
    func datasetHeads() throws {
        let message = DatasetHeads(
            dataset: try Samples.dataset(), name: "korea", epoch: "e1", cursor: "42",
            heads: try heads())
        #expect(
            message.json.text
                == #"{"dataset":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff","name":"korea","format":1,"#
                + #""epoch":"e1","cursor":"42","heads":{"cc5gqlek2e2rhfy6":{"seq":3,"hash":"\#(hash)"},"#
                + #""cms3qugcq4mrn2xc":{"seq":3,"hash":"\#(hash)"}}}"#)
        #expect(DatasetHeads(message.json) == message)
        let later = changed(message.json, "name", "korea").object ?? []
        #expect(DatasetHeads(.object(later + [.init("novelty", 1)])) == message, "more may come")
    }

    @Test(
        "heads that lack a member or hold a wrong one are refused",
        arguments: [
            ("dataset", nil), ("dataset", "6F9619FF-8B86-4D01-B42D-00CF4FC964FF"), ("dataset", 1),
            ("name", nil), ("name", 1), ("format", nil), ("format", "1"), ("format", .number(1.5)),
            ("format", .number(-1)), ("epoch", nil), ("epoch", ""), ("epoch", "a\nb"),
            ("epoch", .string(String(repeating: "e", count: 201))), ("cursor", nil), ("cursor", ""),
            ("cursor", "a\u{7f}"), ("cursor", 7), ("heads", nil), ("heads", []),
            ("heads", ["jun": 1]),
            ("heads", ["cc5gqlek2e2rhfy6": 3]), ("heads", ["cc5gqlek2e2rhfy6": ["seq": 3]]),
            ("heads", ["cc5gqlek2e2rhfy6": ["seq": 0, "hash": .string(hash)]]),
            ("heads", ["cc5gqlek2e2rhfy6": ["seq": 3, "hash": "0f"]]),
            ("heads", ["CC5GQLEK2E2RHFY6": ["seq": 3, "hash": .string(hash)]]),
        ] as [(String, JSONValue?)])
    func wrongHeads(name: String, value: JSONValue?) throws {
        let message = DatasetHeads(
            dataset: try Samples.dataset(), name: "korea", epoch: "e1", cursor: "42",
            heads: try heads())
        #expect(DatasetHeads(changed(message.json, name, value)) == nil)
    }

    @Test("the answer to a push is written and read back, and refused where it is wrong")
    func pushAnswer() throws {
        let answer = PushAnswer(accepted: 2, duplicates: 1, cursor: "c", heads: try heads())
        #expect(PushAnswer(answer.json) == answer)
        #expect(answer.json.text.hasPrefix(#"{"accepted":2,"duplicates":1,"cursor":"c","heads":{"#))
        let wrong: [(String, JSONValue?)] = [
            ("accepted", nil), ("accepted", .number(-1)), ("accepted", .number(0.5)),
            ("duplicates", "1"), ("cursor", nil), ("cursor", "a\nb"), ("heads", nil),
        ]
        for (name, value) in wrong {
            #expect(PushAnswer(changed(answer.json, name, value)) == nil, "\(name)")
        }
        #expect(PushAnswer([]) == nil && PushAnswer(.null) == nil)
    }

    @Test("a problem is written as RFC 9457 has it, and read back")
    func problems() throws {
        let replica = try Samples.key().replica
        let gap = Problem(.gap, "the next is 3", line: 2, replica: replica, expectedSeq: 3)
        #expect(
            gap.json.text
                == #"{"type":"urn:tally:problem:gap","title":"A changeset before this one is missing","#
                + #""status":409,"detail":"the next is 3","line":2,"replica":"cc5gqlek2e2rhfy6","#
                + #""expected":3}"#)
        #expect(Problem(gap.json) == gap)
        for word in ProblemWord.allCases {
            let problem = Problem(word, "why")
            #expect(Problem(problem.json) == problem, "\(word)")
            #expect(problem.json["status"]?.count == word.status, "\(word)")
        }
    }

    @Test("a detail is one line, whoever wrote it")
    func detailOfLines() {
        let problem = Problem(["type": "gap", "detail": "a\r\nSettled.\u{2028}b\n"])
        #expect(problem?.detail == "a Settled. b")
    }

    @Test("a problem's word is the end of its type; other problems are none of ours")
    func problemTypes() {
        for type in ["https://tally.example/problems/gap", "gap", "https://x/#gap"] {
            #expect(Problem(["type": .string(type)])?.word == .gap, "\(type)")
        }
        for type in ["about:blank", "", "urn:tally:problem:", "urn:tally:problem:novel"] {
            #expect(Problem(["type": .string(type)]) == nil, "\(type)")
        }
        #expect(
            Problem([]) == nil && Problem(["status": 409]) == nil && Problem(["type": 1]) == nil)
        let bare = Problem([
            "type": "x:fork", "line": "1", "replica": "jun", "expected": .number(-1),
        ])
        #expect(bare == Problem(.fork, ProblemWord.fork.title))
    }

    @Test(
        "each word goes with the status of DESIGN.md section 8",
        arguments: [
            ("gap", 409), ("fork", 409), ("unseen", 409), ("exists", 409), ("invalid", 422),
            ("too-large", 413), ("unauthenticated", 401), ("forbidden", 403),
            ("unknown-dataset", 404), ("bad-request", 400), ("cursor-gone", 410), ("busy", 503),
            ("fault", 500),
        ])
    func statuses(word: String, status: Int) {
        #expect(ProblemWord(rawValue: word)?.status == status)
        #expect(ProblemWord.allCases.count == 13)
    }

    @Test("the name of a dataset at a hub is [a-z0-9][a-z0-9-]{0,63}")
    func names() {
        let long = String(repeating: "a", count: 64)
        for name in ["a", "0", "korea-2023", "a-", "a--b", long] {
            #expect(DatasetName.isValid(name), "\(name)")
        }
        for name in [
            "", "-a", "A", "korea_2023", "a.b", "a/b", "..", "a%2fb", "a b", "a\n", "a\0", "é", "ａ",
            long + "a",
        ] {
            #expect(!DatasetName.isValid(name), "\(name)")
        }
    }
}
