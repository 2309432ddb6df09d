import Foundation
import TallyCore
import TallyWire

/// The examples of lines in `SyncFixtures/lines`, as its README describes them.
///
/// Depends on nothing but Foundation and the wire module, so that the tests of the store and the hub can have a copy.
struct LineFixtures {
    struct Key {
        let name: String
        let seed: [UInt8]
        let publicKey: [UInt8]
        let replica: ReplicaID
    }

    struct ValidLine {
        let name: String
        let bytes: [UInt8]
        let replica: ReplicaID
        let seq: Int
        let hash: ChangesetHash
        let signature: String
        /// The edits as a reader must understand them, written plainly.
        let edits: JSONValue
    }

    struct Case {
        let name: String
        let breaks: String
        let bytes: [UInt8]
        /// The valid lines that a log has taken before; nil where the line alone shows the fault.
        let context: [String]?
        let answer: Answer
    }

    struct Answer {
        /// nil where the line must be taken.
        let word: ProblemWord?
        /// Part of the text of this implementation.
        let reason: String
        let expectedSeq: Int?
    }

    struct Malformed: Error {
        let file: String
    }

    let dataset: DatasetID
    let keys: [Key]
    let valid: [ValidLine]
    let malformed: [Case]
    let bounds: [Case]

    /// - Parameter folder: `SyncFixtures/lines`.
    init(folder: URL) throws {
        func json(_ file: String) throws -> JSONValue {
            try JSONValue(
                parsing: Array(Data(contentsOf: folder.appendingPathComponent(file))))
        }
        let (keyFile, validFile) = (try json("keys.json"), try json("valid.json"))
        guard let dataset = keyFile["dataset"]?.string.flatMap({ DatasetID($0) }),
            let keys = keyFile["keys"]?.array?.map(Self.key), !keys.contains(where: { $0 == nil })
        else { throw Malformed(file: "keys.json") }
        self.dataset = dataset
        self.keys = keys.compactMap { $0 }

        let lines = try Data(contentsOf: folder.appendingPathComponent("valid.jsonl"))
            .split(separator: 0x0a)
        let entries = validFile["lines"]?.array ?? []
        valid = zip(entries, lines).compactMap { Self.validLine($0, bytes: Array($1)) }
        guard valid.count == entries.count, valid.count == lines.count else {
            throw Malformed(file: "valid.json")
        }
        malformed = try Self.cases(json("malformed.json"), file: "malformed.json")
        bounds = try Self.cases(json("bounds.json"), file: "bounds.json")
    }

    /// The bytes of the valid lines of these names, in this order.
    func lines(_ names: [String]) throws -> [[UInt8]] {
        try names.map { name in
            guard let line = valid.first(where: { $0.name == name }) else {
                throw Malformed(file: "a context names \(name), which is no valid line")
            }
            return line.bytes
        }
    }

    private static func key(_ json: JSONValue) -> Key? {
        guard let name = json["name"]?.string, let seed = json["seed"]?.string.flatMap(hex),
            let publicKey = json["public_key"]?.string,
            let bytes = Base64URL.decode(publicKey.utf8),
            let replica = json["replica"]?.string.flatMap({ ReplicaID($0) })
        else { return nil }
        return Key(name: name, seed: seed, publicKey: bytes, replica: replica)
    }

    private static func hex(_ text: String) -> [UInt8]? { ChangesetHash(text)?.bytes }

    private static func validLine(_ json: JSONValue, bytes: [UInt8]) -> ValidLine? {
        guard let name = json["name"]?.string, let seq = json["seq"]?.count,
            let replica = json["replica"]?.string.flatMap({ ReplicaID($0) }),
            let hash = json["hash"]?.string.flatMap({ ChangesetHash($0) }),
            let signature = json["signature"]?.string, let edits = json["edits"]
        else { return nil }
        return ValidLine(
            name: name, bytes: bytes, replica: replica, seq: seq, hash: hash, signature: signature,
            edits: edits)
    }

    private static func cases(_ json: JSONValue, file: String) throws -> [Case] {
        let entries = json["cases"]?.array ?? []
        let cases = entries.compactMap { entry -> Case? in
            guard let name = entry["name"]?.string, let breaks = entry["breaks"]?.string,
                let bytes = bytes(of: entry), let word = entry["answer"]?["word"]?.string,
                word == "accepted" || ProblemWord(rawValue: word) != nil
            else { return nil }
            let answer = Answer(
                word: ProblemWord(rawValue: word), reason: entry["answer"]?["reason"]?.string ?? "",
                expectedSeq: entry["answer"]?["expected"]?.count)
            return Case(
                name: name, breaks: breaks, bytes: bytes,
                context: entry["context"]?.array?.compactMap(\.string), answer: answer)
        }
        guard !cases.isEmpty, cases.count == entries.count else { throw Malformed(file: file) }
        return cases
    }

    private static func bytes(of entry: JSONValue) -> [UInt8]? {
        if let line = entry["line"]?.string { return Array(line.utf8) }
        if let base64 = entry["base64"]?.string {
            return Data(base64Encoded: base64).map(Array.init)
        }
        guard let pieces = entry["pieces"]?.array else { return nil }
        var text = ""
        for piece in pieces {
            if let plain = piece.string {
                text += plain
            } else if let pattern = piece["repeat"]?.string, let from = piece["from"]?.count,
                let to = piece["to"]?.count
            {
                for number in from...to {
                    text += pattern.replacingOccurrences(of: "{n}", with: String(number))
                }
            } else {
                return nil
            }
        }
        return Array(text.utf8)
    }
}
