import TallyCore

/// The answer to `GET …/NAME`: what a log holds (DESIGN.md section 8).
public struct DatasetHeads: Sendable, Equatable {
    public var dataset: DatasetID
    public var name: String
    /// The format of the lines.
    public var format: Int
    /// Changes when the log begins anew, so that old cursors are not believed.
    public var epoch: String
    /// The position behind the last line.
    public var cursor: String
    public var heads: [ReplicaID: Head]

    public init(
        dataset: DatasetID, name: String, format: Int = ChangesetLine.format, epoch: String,
        cursor: String, heads: [ReplicaID: Head]
    ) {
        self.dataset = dataset
        self.name = name
        self.format = format
        self.epoch = epoch
        self.cursor = cursor
        self.heads = heads
    }

    public var json: JSONValue {
        [
            "dataset": .string(dataset.text), "name": .string(name),
            "format": .number(Double(format)), "epoch": .string(epoch), "cursor": .string(cursor),
            "heads": .heads(heads),
        ]
    }

    /// - Returns: nil when the JSON is no such message.
    public init?(_ json: JSONValue) {
        guard let dataset = json["dataset"]?.string.flatMap({ DatasetID($0) }),
            let name = json["name"]?.string, let format = json["format"]?.count,
            let epoch = json["epoch"]?.string, Shape.isLine(epoch, maximumBytes: 200),
            let cursor = json["cursor"]?.string, Shape.isLine(cursor, maximumBytes: 200),
            let heads = json["heads"]?.heads
        else { return nil }
        self.init(
            dataset: dataset, name: name, format: format, epoch: epoch, cursor: cursor,
            heads: heads)
    }
}

/// The answer to `POST …/NAME/changesets`.
public struct PushAnswer: Sendable, Equatable {
    public var accepted: Int
    public var duplicates: Int
    public var cursor: String
    /// The heads that changed.
    public var heads: [ReplicaID: Head]

    public init(accepted: Int, duplicates: Int, cursor: String, heads: [ReplicaID: Head]) {
        self.accepted = accepted
        self.duplicates = duplicates
        self.cursor = cursor
        self.heads = heads
    }

    public var json: JSONValue {
        [
            "accepted": .number(Double(accepted)), "duplicates": .number(Double(duplicates)),
            "cursor": .string(cursor), "heads": .heads(heads),
        ]
    }

    /// - Returns: nil when the JSON is no such message.
    public init?(_ json: JSONValue) {
        guard let accepted = json["accepted"]?.count, let duplicates = json["duplicates"]?.count,
            let cursor = json["cursor"]?.string, Shape.isLine(cursor, maximumBytes: 200),
            let heads = json["heads"]?.heads
        else { return nil }
        self.init(accepted: accepted, duplicates: duplicates, cursor: cursor, heads: heads)
    }
}

/// An RFC 9457 problem: why a hub refused.
public struct Problem: Error, Sendable, Equatable {
    public var word: ProblemWord
    public var detail: String
    /// The number of the line in the body, from 1.
    public var line: Int?
    /// For a gap: of which replica, and the seq that would be taken.
    public var replica: ReplicaID?
    public var expectedSeq: Int?

    public init(
        _ word: ProblemWord, _ detail: String, line: Int? = nil, replica: ReplicaID? = nil,
        expectedSeq: Int? = nil
    ) {
        self.word = word
        self.detail = detail
        self.line = line
        self.replica = replica
        self.expectedSeq = expectedSeq
    }

    private static let typePrefix = "urn:tally:problem:"

    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("type", .string(Self.typePrefix + word.rawValue)),
            .init("title", .string(word.title)),
            .init("status", .number(Double(word.status))),
            .init("detail", .string(detail)),
        ]
        if let line { members.append(.init("line", .number(Double(line)))) }
        if let replica { members.append(.init("replica", .string(replica.text))) }
        if let expectedSeq { members.append(.init("expected", .number(Double(expectedSeq)))) }
        return .object(members)
    }

    /// - Returns: nil when the JSON is no problem, or one of a word that is not known.
    public init?(_ json: JSONValue) {
        guard let type = json["type"]?.string,
            let end = type.split(whereSeparator: { ":/#".contains($0) }).last,
            let word = ProblemWord(rawValue: String(end))
        else { return nil }
        // One line, whoever wrote it: more would pass for lines of the program that shows it.
        let lines = json["detail"]?.string?.split(whereSeparator: \.isNewline) ?? []
        let detail = lines.isEmpty ? word.title : lines.joined(separator: " ")
        self.init(
            word, detail, line: json["line"]?.count,
            replica: json["replica"]?.string.flatMap { ReplicaID($0) },
            expectedSeq: json["expected"]?.count)
    }
}

extension ProblemWord {
    public var title: String {
        switch self {
        case .gap: return "A changeset before this one is missing"
        case .fork: return "That revision exists with another content"
        case .unseen: return "The line names a revision that is not here"
        case .invalid: return "The line is not valid"
        case .tooLarge: return "Too large"
        case .unauthenticated: return "No valid token"
        case .forbidden: return "The token does not allow this"
        case .unknownDataset: return "No such dataset"
        case .badRequest: return "The request is not valid"
        case .exists: return "The name is taken by another dataset"
        case .cursorGone: return "The cursor is not of this log"
        case .busy: return "Busy"
        case .fault: return "A fault of the hub"
        }
    }
}

extension JSONValue {
    public static func heads(_ heads: [ReplicaID: Head]) -> JSONValue {
        .object(
            heads.sorted { $0.key < $1.key }.map { replica, head in
                Member(
                    replica.text,
                    ["seq": .number(Double(head.seq)), "hash": .string(head.hash.text)])
            })
    }

    /// - Returns: nil when this is no object of heads.
    public var heads: [ReplicaID: Head]? {
        guard let members = object else { return nil }
        var heads: [ReplicaID: Head] = [:]
        for member in members {
            guard let replica = ReplicaID(member.name), let seq = member.value["seq"]?.count,
                seq >= 1, let hash = member.value["hash"]?.string.flatMap({ ChangesetHash($0) })
            else { return nil }
            heads[replica] = Head(seq: seq, hash: hash)
        }
        return heads
    }
}
