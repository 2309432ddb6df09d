import TallyCore

// Short texts for exports and failures; the ids of simulated replicas are one letter sixteen times.

extension ReplicaID {
    /// The replica that fixtures and simulations call by a letter: that letter sixteen times, in lower case.
    ///
    /// - Precondition: `letter` is one of A to Z, a to z.
    public init(letter: Character) {
        guard let id = ReplicaID(String(repeating: letter.lowercased(), count: Self.length)) else {
            preconditionFailure("\(letter) is no letter of the alphabet")
        }
        self = id
    }

    /// `A` where the id is a letter sixteen times, else the first characters of the id.
    public var brief: String {
        guard let first = text.first, text.allSatisfy({ $0 == first }) else { return short }
        return first.uppercased()
    }
}

extension Revision {
    /// `A3`, or `k3m9x2:3`.
    public var brief: String {
        let name = replica.brief
        return name.utf8.count == 1 ? "\(name)\(seq)" : "\(name):\(seq)"
    }
}

extension RevisionVector {
    public var brief: String {
        isEmpty ? "-" : replicas.map { Revision($0, self[$0]).brief }.joined(separator: "+")
    }
}

extension Value {
    /// As JSON.
    public var brief: String {
        switch self {
        case .null: return "null"
        case .number(let number): return NumberText.of(number)
        case .text(let text): return JSONString.quoted(text)
        case .opaque(let json): return json
        }
    }
}

extension [Value] {
    var brief: String { map(\.brief).joined(separator: ",") }
}

extension Edit: CustomStringConvertible {
    public var description: String {
        let fields: String
        switch operation {
        case .set(let names), .reopen(let names):
            fields = names.isEmpty ? "" : " " + names.joined(separator: ",")
        case .add(let name), .remove(let name): fields = " " + name
        case .delete, .restore: fields = ""
        }
        let rows = self.rows.map { row in
            let address = RecordAddress(kind: kind, key: row.key).text
            return row.values.isEmpty ? address : "\(address)=\(row.values.brief)"
        }
        return "\(operation.name)\(fields) \(rows.joined(separator: " "))"
    }
}

extension Conflict {
    /// `figure/1 note edit/edit A "x" by A2 | B "y" by B1`.
    public var brief: String {
        let sides = self.sides.map { side in
            let revisions = side.revisions.map(\.brief).joined(separator: "+")
            return "\(side.letter) \(side.content.brief) by \(revisions)"
        }
        return "\(record) \(statement) \(what.rawValue) \(sides.joined(separator: " | "))"
    }
}

extension Conflict.Content {
    public var brief: String {
        switch self {
        case .values(let values): return values.brief
        case .existence(let existence): return existence.rawValue
        }
    }
}

extension Changeset {
    /// `A3: set note figure/1="x"; delete figure/2`.
    var brief: String {
        "\(revision.brief): \(edits.map(\.description).joined(separator: "; "))"
    }
}
