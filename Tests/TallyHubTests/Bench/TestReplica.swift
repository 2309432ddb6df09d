import TallyCore
import TallyWire

/// A replica with a fixed key that writes lines as a copy would.
struct TestReplica {
    let key: ReplicaKey
    var dataset = HubBench.dataset
    private(set) var head: Head?
    private var clock = Timestamp(milliseconds: 1_700_000_000_000)

    init(seed: UInt8) {
        guard let key = ReplicaKey(seed: [UInt8](repeating: seed, count: 32)) else {
            preconditionFailure("32 bytes make a key")
        }
        self.key = key
    }

    var id: ReplicaID { key.replica }

    /// What another replica that has integrated this one's head names.
    var asSeen: [Changeset.Seen] {
        head.map { [Changeset.Seen(revision: Revision(id, $0.seq), hash: $0.hash)] } ?? []
    }

    /// The next changeset: the title of an event.
    mutating func line(
        _ title: String = "a meeting", event: String = "test:1", seen: [Changeset.Seen] = []
    ) -> [UInt8] {
        let edit = Edit(
            kind: "event", operation: .set(fields: ["title"]),
            rows: [Edit.Row(key: RecordKey([event]), values: [.text(title)])])
        return line(edits: [edit], seen: seen)
    }

    mutating func line(edits: [Edit], seen: [Changeset.Seen] = []) -> [UInt8] {
        clock = Timestamp(milliseconds: clock.milliseconds + 1000)
        let seq = (head?.seq ?? 0) + 1
        let changeset = Changeset(
            dataset: dataset, revision: Revision(id, seq), previous: head?.hash, seen: seen,
            at: clock, author: "mina", machine: "laptop", edits: edits)
        let signed = ChangesetWriter(key: key).line(changeset)
        head = Head(seq: seq, hash: signed.hash)
        return signed.bytes
    }

    /// The next line as raw members, to be spoilt.
    func rawLine() -> RawLine {
        var copy = self
        return RawLine(copy.line("spoilt"), key: key)
    }
}

/// A line as its members, each of which can be made wrong before it is signed.
struct RawLine {
    private var members: [(name: String, json: String)] = []
    var key: ReplicaKey
    /// Whether the signature is that of other bytes.
    var hasBadSignature = false

    init(_ line: [UInt8], key: ReplicaKey) {
        self.key = key
        guard let object = try? JSONValue(parsing: line).object else {
            preconditionFailure("a line is an object")
        }
        for member in object where member.name != "sig" {
            members.append((member.name, member.value.text))
        }
    }

    /// The JSON text of a member; nil takes it away.
    subscript(name: String) -> String? {
        get { members.first { $0.name == name }?.json }
        set {
            if let index = members.firstIndex(where: { $0.name == name }) {
                if let newValue {
                    members[index].json = newValue
                } else {
                    members.remove(at: index)
                }
            } else if let newValue {
                members.append((name, newValue))
            }
        }
    }

    /// Adds a member even where there is one of that name.
    mutating func append(_ name: String, _ json: String) { members.append((name, json)) }

    var bytes: [UInt8] {
        let text = "{" + members.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}"
        var unsigned = Array(text.utf8)
        let signature = key.signature(of: hasBadSignature ? unsigned + [0] : unsigned)
        unsigned.removeLast()
        return unsigned + Array(#","sig":""#.utf8) + Base64URL.encode(signature)
            + Array(#""}"#.utf8)
    }
}
