import TallyCore

/// Writes a changeset as a line: members in a fixed order, no spaces, hashed and signed.
public struct ChangesetWriter {
    private let key: ReplicaKey

    public init(key: ReplicaKey) {
        self.key = key
    }

    /// A line and its hash.
    public struct Signed: Sendable {
        public let bytes: [UInt8]
        public let hash: ChangesetHash

        public init(bytes: [UInt8], hash: ChangesetHash) {
            self.bytes = bytes
            self.hash = hash
        }
    }

    /// - Precondition: the changeset is of the key's replica.
    public func line(_ changeset: Changeset) -> Signed {
        precondition(changeset.revision.replica == key.replica, "a replica signs for itself")
        var bytes = Self.head(
            dataset: changeset.dataset, revision: changeset.revision, previous: changeset.previous,
            seen: changeset.seen)
        Self.append("at", changeset.at.text, to: &bytes)
        Self.append("author", changeset.author, to: &bytes)
        Self.append("machine", changeset.machine, to: &bytes)
        if let message = changeset.message { Self.append("message", message, to: &bytes) }
        if let group = changeset.group {
            bytes.append(contentsOf: #","group":\#(group.json)"#.utf8)
        }
        if changeset.isImport { Self.append("by", "import", to: &bytes) }
        bytes.append(contentsOf: #","edits":["#.utf8)
        for (index, edit) in changeset.edits.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            edit.append(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
        Self.finish(&bytes, seq: changeset.revision.seq, key: key)
        return Self.sign(bytes, with: key)
    }

    // MARK: What every line begins and ends with

    /// From `format` to `seen`.
    static func head(
        dataset: DatasetID, revision: Revision, previous: ChangesetHash?, seen: [Changeset.Seen]
    ) -> [UInt8] {
        var bytes = Array(#"{"format":\#(ChangesetLine.format)"#.utf8)
        append("dataset", dataset.text, to: &bytes)
        append("replica", revision.replica.text, to: &bytes)
        bytes.append(contentsOf: #","seq":\#(revision.seq)"#.utf8)
        if let previous { append("prev", previous.text, to: &bytes) }
        bytes.append(contentsOf: #","seen":{"#.utf8)
        for (index, seen) in seen.enumerated() {
            let comma = index > 0 ? "," : ""
            bytes.append(
                contentsOf:
                    #"\#(comma)"\#(seen.revision.replica)":[\#(seen.revision.seq),"\#(seen.hash)"]"#
                    .utf8)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// The key, in the first line of a replica, and the end of the object.
    static func finish(_ bytes: inout [UInt8], seq: Int, key: ReplicaKey) {
        if seq == 1 {
            let key = String(decoding: Base64URL.encode(key.publicKey.bytes), as: UTF8.self)
            append("key", key, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Puts the signature at the end of an unsigned line.
    static func sign(_ unsigned: [UInt8], with key: ReplicaKey) -> Signed {
        var bytes = unsigned
        bytes.removeLast()
        bytes.append(contentsOf: #","sig":""#.utf8)
        bytes.append(contentsOf: Base64URL.encode(key.signature(of: unsigned)))
        bytes.append(contentsOf: #""}"#.utf8)
        return Signed(bytes: bytes, hash: ChangesetHash(of: unsigned))
    }

    private static func append(_ name: StaticString, _ text: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: #",""#.utf8)
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: #"":"#.utf8)
        JSONString.append(text, to: &bytes)
    }
}

extension Changeset.Group {
    /// `{"id":"…","part":1,"last":true}`, without spaces.
    var json: String {
        #"{"id":"\#(id)","part":\#(part)\#(isLast ? #","last":true"# : "")}"#
    }
}

extension Edit {
    func append(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: #"{"kind":"\#(kind)","op":"\#(operation.name)""#.utf8)
        var width = 0
        switch operation {
        case .set(let fields), .reopen(let fields):
            width = fields.count
            let names = fields.map { "\"\($0)\"" }.joined(separator: ",")
            bytes.append(contentsOf: #","fields":[\#(names)]"#.utf8)
        case .add(let field), .remove(let field):
            bytes.append(contentsOf: #","field":"\#(field)""#.utf8)
        case .delete, .restore: break
        }
        bytes.append(contentsOf: #","rows":["#.utf8)
        for (index, row) in rows.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "["))
            row.key.appendJSON(to: &bytes)
            if case .reopen = operation {
                for start in stride(from: 0, to: row.values.count, by: width) {
                    bytes.append(contentsOf: ",[".utf8)
                    for (index, value) in row.values[start..<(start + width)].enumerated() {
                        if index > 0 { bytes.append(UInt8(ascii: ",")) }
                        value.append(to: &bytes)
                    }
                    bytes.append(UInt8(ascii: "]"))
                }
            } else {
                for value in row.values {
                    bytes.append(UInt8(ascii: ","))
                    value.append(to: &bytes)
                }
            }
            bytes.append(UInt8(ascii: "]"))
        }
        bytes.append(contentsOf: "]}".utf8)
    }
}

extension Value {
    /// The value as JSON.
    public func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .number(let number): bytes.append(contentsOf: NumberText.of(number).utf8)
        case .text(let text): JSONString.append(text, to: &bytes)
        case .opaque(let json): bytes.append(contentsOf: json.utf8)
        }
    }
}
