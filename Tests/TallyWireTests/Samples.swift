import Foundation
import TallyCore
import TallyWire
import Testing

/// The root of the repository, found from where this file is.
let repositoryRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Keys, names and kinds that the tests of lines share.
enum Samples {
    static func dataset() throws -> DatasetID {
        try #require(DatasetID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"))
    }

    /// The key whose seed is 32 times `byte`: 0x11 is mina's, 0x22 jun's, 0x33 hana's in the fixtures.
    static func key(_ byte: UInt8 = 0x11) throws -> ReplicaKey {
        try #require(ReplicaKey(seed: Array(repeating: byte, count: 32)))
    }

    static func kind(_ name: String) throws -> Kind {
        let file = repositoryRoot.appendingPathComponent("Schema/kinds/\(name).json")
        return try Kind(description: Array(Data(contentsOf: file)))
    }

    static func kinds() throws -> KindCatalog {
        KindCatalog([try kind("trade"), try kind("event"), try kind("setting")])
    }

    static func changeset(_ edits: [Edit] = [remark("r1", "a note")]) throws -> Changeset {
        Changeset(
            dataset: try dataset(), revision: Revision(try key().replica, 1), previous: nil,
            seen: [], at: try #require(Timestamp("2026-11-23T16:45:12.345Z")), author: "mina",
            machine: "mina-laptop", message: nil, group: nil, isImport: false, edits: edits)
    }

    /// An edit of one setting.
    static func remark(_ name: String, _ text: String) -> Edit {
        Edit(
            kind: "setting", operation: .set(fields: ["value"]),
            rows: [Edit.Row(key: RecordKey([name]), values: [.text(text)])])
    }

    static let tradeFields = [
        "value", "unit", "valuation", "status", "released", "confidentiality",
    ]
}

/// A line being made up, member by member, so that one thing about it can be wrong.
struct LineDraft {
    /// Names and values as they will stand in the line: the names are quoted by `unsigned`, the values are JSON.
    var members: [(name: String, json: String)]

    /// The first line of the key's replica: one setting is set.
    init(key: ReplicaKey) throws {
        let publicKey = String(decoding: Base64URL.encode(key.publicKey.bytes), as: UTF8.self)
        members = [
            ("format", "1"), ("dataset", #""\#(try Samples.dataset())""#),
            ("replica", #""\#(key.replica)""#), ("seq", "1"), ("seen", "{}"),
            ("at", #""2026-11-23T16:45:12.345Z""#), ("author", #""mina""#),
            ("machine", #""mina-laptop""#), ("edits", "[\(Self.plainEdit)]"),
            ("key", #""\#(publicKey)""#),
        ]
    }

    static let plainEdit =
        #"{"kind":"setting","op":"set","fields":["value"],"rows":[[["r1"],"a note"]]}"#

    /// The draft with the member set; one that is new is put before the edits.
    func with(_ name: String, _ json: String) -> Self {
        var draft = self
        if let index = members.firstIndex(where: { $0.name == name }) {
            draft.members[index].json = json
        } else {
            draft.members.insert((name, json), at: max(0, members.count - 2))
        }
        return draft
    }

    func without(_ name: String) -> Self {
        var draft = self
        draft.members.removeAll { $0.name == name }
        return draft
    }

    /// What is hashed and signed.
    var unsigned: String {
        "{" + members.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}"
    }

    func signed(with key: ReplicaKey) -> [UInt8] {
        Self.sign(Array(unsigned.utf8), with: key)
    }

    /// - Parameter unsigned: whatever it is, its last byte stands for the closing brace.
    static func sign(_ unsigned: [UInt8], with key: ReplicaKey) -> [UInt8] {
        sign(unsigned, signature: key.signature(of: unsigned))
    }

    static func sign(_ unsigned: [UInt8], signature: [UInt8]) -> [UInt8] {
        unsigned.dropLast() + Array(#","sig":""#.utf8) + Base64URL.encode(signature)
            + Array(#""}"#.utf8)
    }
}
