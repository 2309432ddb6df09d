import TallyCore
import TallyWire

private let unseen =
    "8: unseen (a name in seen or prev that is not, by seq and hash, what the hub has)"
private let order = "8: checks run in this order, and the first that fails names the answer"

extension FixtureCases {
    /// The keys of the fixtures, by who uses them.
    static func keys() throws -> [(name: String, key: ReplicaKey)] {
        try [("mina", 0x11), ("jun", 0x22), ("hana", 0x33), ("repair", 0x44)].map {
            ($0.0, try Samples.key($0.1))
        }
    }

    /// Cases that show only to a reader that holds a log.
    func log() throws -> [FixtureDraft] {
        let lines = try FixtureLines(keys: Self.keys())
        let nobody = String(repeating: "0", count: 64)
        func second(_ members: (String, String)...) throws -> LineDraft {
            var draft = base.without("key").with("seq", "2")
                .with("prev", "\"\(lines.hash("mina-1"))\"")
            for (name, json) in members { draft = draft.with(name, json) }
            return draft
        }
        func after(
            _ context: [String], _ name: String, _ breaks: String, _ draft: LineDraft,
            _ word: ProblemWord, _ reason: String, expected: Int? = nil
        ) -> FixtureDraft {
            line(name, breaks, draft, reason).with(context: context)
                .with(word: word, expectedSeq: expected)
        }
        func seen(_ replica: ReplicaKey, _ seq: Int, _ hash: String) -> (String, String) {
            ("seen", "{\"\(replica.replica)\":[\(seq),\"\(hash)\"]}")
        }
        let (prev, key) = ("5: prev, absent in seq 1", "5: key in seq 1 only")
        let fork = "8: fork (that revision exists with another hash)"
        let gap = "8: gap (seq is not the next of that replica)"
        let more = "5: seen names only the replicas of which more had been integrated"
        let firsts = ["mina-1", "mina-2", "jun-1"]
        let ownKey = base.members.last?.json ?? ""
        let known = try second(seen(jun, 1, lines.hash("jun-1"))).with("seq", "3")
            .with("prev", "\"\(lines.hash("mina-2"))\"")
        let unknown = try second(seen(jun, 1, nobody))
        let wrong = try second(("edits", "[]"))
        return [
            after([], "key-missing", key, base.without("key"), .invalid, "seq 1 has no key"),
            after(
                ["mina-1"], "key-in-seq-2", key, try second(("key", ownKey)), .invalid,
                "a key stands in seq 1 only, not in 2"),
            after(
                [], "prev-in-seq-1", prev, base.with("prev", "\"\(nobody)\""), .invalid,
                "seq 1 names"),
            after(
                ["mina-1"], "prev-missing", prev, try second().without("prev"), .invalid,
                "seq 2 has no prev"),
            after(
                ["mina-1"], "prev-other", unseen, try second(("prev", "\"\(nobody)\"")), .unseen,
                "prev is \(nobody)"),
            after(["mina-1"], "fork-of-first", fork, base, .fork, "exists with hash"),
            after(
                ["mina-1", "mina-2"], "fork-of-second", fork, try second(), .fork,
                "exists with hash"),
            after([], "gap-unknown-replica", gap, try second(), .gap, "is 1, not 2", expected: 1),
            after(
                ["mina-1"], "gap", gap, try second(("seq", "4")), .gap, "is 2, not 4", expected: 2),
            after(
                ["mina-1"], "gap-largest-seq", gap, try second(("seq", "9007199254740991")), .gap,
                "is 2, not 9007199254740991", expected: 2),
            after(
                ["mina-1"], "seen-unknown-replica", unseen, unknown, .unseen, "which is not here"),
            after(
                firsts, "seen-unknown-seq", unseen,
                known.with("seen", "{\"\(jun.replica)\":[2,\"\(nobody)\"]}"), .unseen,
                "which is not here"),
            after(
                firsts, "seen-other-hash", unseen,
                known.with("seen", "{\"\(jun.replica)\":[1,\"\(nobody)\"]}"), .unseen,
                "here it is \(lines.hash("jun-1"))"),
            after(
                firsts + ["mina-3"], "seen-again", more,
                known.with("seq", "4").with("prev", "\"\(lines.hash("mina-3"))\""), .invalid,
                "which an earlier changeset of the replica named"),
            after(
                ["mina-1"], "signature-of-other-replica", "5: every line's signature is verified",
                try second(), .invalid, "the signature is not that of replica"
            ).signed(second: try second().signed(with: jun)),
            after(
                [], "order-json-format", order, base.with("format", #"2,"format":2"#), .invalid,
                #""format" stands twice"#),
            after(
                [], "order-format-dataset", order, base.with("format", "2").with("dataset", "1"),
                .invalid, "the line is of format 2"),
            after(
                [], "order-dataset-replica", order, base.with("dataset", "1").with("replica", "1"),
                .invalid, "dataset: "),
            after(
                ["mina-1"], "order-seq-prev", order, try second(("seq", "3"), ("prev", "1")),
                .gap, "is 2, not 3", expected: 2),
            after(
                ["mina-1"], "order-prev-seen", order, unknown.with("prev", "\"\(nobody)\""),
                .unseen, "prev is"),
            after(
                ["mina-1"], "order-seen-edits", order, unknown.with("edits", "[]"), .unseen,
                "which is not here"),
            after(
                ["mina-1"], "order-signature-edits", order, wrong, .invalid, "the signature is not"
            )
            .signed(second: wrong.signed(with: jun)),
        ]
    }
}

extension FixtureDraft {
    /// The case with these bytes, which the wrong replica has signed.
    fileprivate func signed(second bytes: [UInt8]) -> Self {
        var draft = self
        (draft.content, draft.signer) = (.bytes(bytes), nil)
        return draft
    }
}
