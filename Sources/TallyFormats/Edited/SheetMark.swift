import TallyCore
import TallyStore
import TallyWire

/// What a spreadsheet carries of the export that it came from, as the name of its last column.
///
/// `tally/1/KIND/DATASET/all/COUNT/REPLICA.SEQ/…/FINGERPRINT/CHECK`: `all` or `part` of the records of the kind, how many of
/// them, the revision vector that the export had integrated, its fingerprint, and 8 characters of SHA-256 over what stands
/// before. No comma, no quote, nothing that a program takes for a number, a date or a formula. The cells of the column are
/// the addresses of the records.
public struct SheetMark: Sendable, Equatable {
    public let kind: String
    public let dataset: DatasetID
    /// Whether all records of the kind were exported, not only those of a condition.
    public let isWhole: Bool
    public let count: Int
    public let vector: RevisionVector
    let fingerprint: String

    public init(
        kind: String, dataset: DatasetID, isWhole: Bool, count: Int, vector: RevisionVector,
        fingerprint: String
    ) {
        (self.kind, self.dataset, self.isWhole) = (kind, dataset, isWhole)
        (self.count, self.vector, self.fingerprint) = (count, vector, fingerprint)
    }

    private static let word = "tally"
    private static let version = "1"
    /// More rows than a file can hold.
    private static let maximumCount = Int(UInt32.max)

    public var text: String {
        let revisions = vector.replicas.map { "\($0).\(vector[$0])" }
        let parts =
            [Self.word, Self.version, kind, dataset.text, isWhole ? "all" : "part", "\(count)"]
            + revisions + [fingerprint]
        return (parts + [Self.check(parts)]).joined(separator: "/")
    }

    private static func check(_ parts: [String]) -> String {
        let hash = ChangesetHash(of: Array(parts.joined(separator: "/").utf8))
        return String(Base32.encode(hash.bytes).prefix(8))
    }

    /// Whether a column is meant as a mark, whole or damaged.
    static func isMeant(_ column: String) -> Bool {
        let name = column.lowercased()
        // R writes other characters as points.
        return name.hasPrefix(word + "/") || name.hasPrefix(word + "." + version + ".")
    }

    /// - Throws: `FormatError` for a text that is no mark any more.
    init(_ text: String) throws(FormatError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 1, parts[0] == Self.word, parts[1] != Self.version, Int(parts[1]) != nil {
            throw FormatError(
                "the file was exported by a newer version of tally", location: "row 1",
                hint: "Update tally.")
        }
        let revisions = parts.dropFirst(6).dropLast(2).joined(separator: ",")
        // Anybody can reckon the check: what the parts say is judged too.
        guard parts.count >= 8, Array(parts.prefix(2)) == [Self.word, Self.version],
            parts[parts.count - 1] == Self.check(parts.dropLast()),
            let dataset = DatasetID(parts[3]), ["all", "part"].contains(parts[4]),
            let count = Int(parts[5]), (0...Self.maximumCount).contains(count),
            let vector = RevisionVector(revisions.replacing(".", with: ":"))
        else {
            throw FormatError(
                "the mark of what was exported is damaged: \(Quoted.short(text))",
                location: "row 1",
                hint: "It is the name of a column, and must stay as export --open has written it; "
                    + "copy it from that file.")
        }
        self.init(
            kind: parts[2], dataset: dataset, isWhole: parts[4] == "all", count: count,
            vector: vector, fingerprint: parts[parts.count - 2])
    }

    /// The year of the latest changeset that was exported.
    func year(in access: DatasetAccess) throws -> Int {
        let times = try vector.replicas.map { replica in
            try access.info(of: Revision(replica, vector[replica])).at
        }
        return times.max().flatMap { Int($0.text.prefix(4)) } ?? 1
    }

    /// - Throws: `FormatError` for a mark that says nothing to this copy.
    func check(in access: DatasetAccess) throws -> Kind {
        guard dataset == access.dataset else {
            throw FormatError(
                "the file was exported from another dataset, \(dataset); this is \(access.dataset)",
                location: "row 1", hint: "Name the right one with -f FILE.")
        }
        guard let kind = access.kinds[kind] else {
            throw FormatError(
                "the file is of the kind \(Quoted.short(kind)), which this version does not know",
                location: "row 1", hint: "Update tally.")
        }
        do {
            guard try access.fingerprint(of: vector) == fingerprint else {
                throw StoreError(
                    .badInput, "a fork of the history was repaired since",
                    hint: "Export again, and carry over what you have changed.")
            }
        } catch let error as StoreError where error.code == .badInput || error.code == .noRecord {
            throw FormatError(
                "what the file was exported from is not here: \(error.message)",
                location: "row 1", hint: error.hint)
        }
        return kind
    }
}

/// Addresses in the cells of the mark: in ASCII, so that they outlive a file that is saved in another encoding.
enum SheetAddress {
    static func text(_ address: RecordAddress) -> String {
        address.text.utf8.reduce(into: "") { text, byte in
            if (0x21..<0x7f).contains(byte), byte != UInt8(ascii: "\""),
                byte != UInt8(ascii: ","), byte != UInt8(ascii: ";")
            {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
    }
}
