import TallyCore

/// One line of the log as it came: strict JSON with a signature at its end, its members not yet believed.
///
/// The members are read on demand, so that a reader can make its checks in the order of DESIGN.md section 8: size, JSON,
/// format, dataset, replica, key and signature, seq, `prev`, `seen`, edits.
public struct ChangesetLine: Sendable {
    /// The bytes as they came; they are stored and handed on unchanged.
    public let bytes: [UInt8]
    /// SHA-256 of the line without its signature.
    public let hash: ChangesetHash
    /// The line without its signature: what is hashed and signed.
    private let unsigned: [UInt8]
    private let signature: [UInt8]
    /// Where the value of each known member starts.
    private let offsets: [String: Int]

    public static let format = 1

    static let memberNames: Set<String> = [
        "format", "dataset", "replica", "seq", "prev", "seen", "was", "at", "author", "machine",
        "message", "group", "by", "edits", "key",
    ]
    private static let signatureHead = Array(#","sig":""#.utf8)
    private static let signatureTail = Array(#""}"#.utf8)
    private static let signatureCharacters = 86

    /// Checks size and JSON.
    ///
    /// - Complexity: O(bytes).
    public init(_ bytes: [UInt8]) throws(LineFault) {
        guard bytes.count <= Changeset.maximumLineBytes else {
            throw LineFault(
                .tooLarge,
                "the line has \(bytes.count) bytes; at most \(Changeset.maximumLineBytes) are taken"
            )
        }
        var offsets: [String: Int] = [:]
        do throws(JSONFault) {
            try JSONReader.checkUTF8(bytes)
        } catch { throw LineFault(json: error) }

        let tail = Self.signatureHead.count + Self.signatureCharacters + Self.signatureTail.count
        let cut = bytes.count - tail
        guard cut > 0, bytes[cut...].starts(with: Self.signatureHead),
            bytes.suffix(2) == Self.signatureTail[...],
            let signature = Base64URL.decode(
                bytes[(cut + Self.signatureHead.count)...].prefix(Self.signatureCharacters))
        else {
            try Self.checkJSON(bytes)
            throw .invalid(
                #"the line does not end in ,"sig":" + 86 characters of base64url + "}"#)
        }
        let unsigned = Array(bytes[..<cut]) + [UInt8(ascii: "}")]
        var reader = JSONReader(unsigned, forbiddenName: "sig")
        do throws(JSONFault) {
            try reader.readObject(fault: { $0 }) { (reader, name) throws(JSONFault) in
                _ = reader.peek()
                if Self.memberNames.contains(name) { offsets[name] = reader.position }
                try reader.skipValue()
            }
            try reader.expectEnd()
        } catch { throw LineFault(json: error) }
        if offsets.isEmpty { throw .invalid("the object has no member of a changeset") }
        if unsigned.contains(where: { $0 == 0x0a || $0 == 0x0d }) {
            throw .invalid("the line has a line break inside")
        }

        self.bytes = bytes
        self.unsigned = unsigned
        self.signature = signature
        self.offsets = offsets
        hash = ChangesetHash(of: unsigned)
    }

    /// Names what is wrong with a line that does not end as it must: rather its JSON than its end.
    private static func checkJSON(_ bytes: [UInt8]) throws(LineFault) {
        var reader = JSONReader(bytes)
        do throws(JSONFault) {
            guard reader.peek() == UInt8(ascii: "{") else {
                throw JSONFault(reason: "the line is no object", offset: 0)
            }
            try reader.skipValue()
            try reader.expectEnd()
        } catch { throw LineFault(json: error) }
    }

    // MARK: Members, in the order in which they are checked

    public func checkFormat() throws(LineFault) {
        let format = try required("format") { (reader) throws(JSONFault) in try reader.readSeq() }
        guard format == Self.format else {
            throw .invalid(
                "the line is of format \(format); this version of Tally reads format \(Self.format)"
                    + ": install a version that reads format \(format)")
        }
    }

    public func dataset() throws(LineFault) -> DatasetID {
        let text = try requiredString("dataset")
        guard let id = DatasetID(text) else {
            throw .invalid("dataset \(quoted(text)) is no UUID in lower case")
        }
        return id
    }

    public func replica() throws(LineFault) -> ReplicaID {
        let text = try requiredString("replica")
        guard let id = ReplicaID(text) else {
            throw .invalid(
                "replica \(quoted(text)) is not 16 characters of lower-case base32")
        }
        return id
    }

    /// The public key that the line carries: it must be that of the replica.
    ///
    /// - Returns: nil when it carries none.
    public func key() throws(LineFault) -> ReplicaPublicKey? {
        guard let text = try optionalString("key") else { return nil }
        guard let bytes = Base64URL.decode(text.utf8), let key = ReplicaPublicKey(bytes: bytes)
        else { throw .invalid("key \(quoted(text)) is no base64url of 32 bytes") }
        let replica = try replica()
        guard key.replica == replica else {
            throw .invalid("the key is that of replica \(key.replica), not of \(replica)")
        }
        return key
    }

    public func checkSignature(with key: ReplicaPublicKey) throws(LineFault) {
        guard key.isValid(signature: signature, of: unsigned) else {
            throw .invalid("the signature is not that of replica \(key.replica) over this line")
        }
    }

    public func seq() throws(LineFault) -> Int {
        let seq = try required("seq") { (reader) throws(JSONFault) in try reader.readSeq() }
        guard seq >= 1 else { throw .invalid("seq is 0; the first is 1") }
        return seq
    }

    public func previous() throws(LineFault) -> ChangesetHash? {
        guard let text = try optionalString("prev") else { return nil }
        return try Self.readHash(text, of: "prev")
    }

    /// - Returns: sorted by replica.
    public func seen() throws(LineFault) -> [Changeset.Seen] {
        let own = try replica()
        var seen: [Changeset.Seen] = []
        try member("seen") { (reader) throws(LineFault) in
            try reader.readObject(fault: LineFault.init(json:)) {
                (reader, name) throws(LineFault) in
                guard let replica = ReplicaID(name) else {
                    throw .invalid("seen names \(quoted(name)), which is no replica")
                }
                if replica == own { throw .invalid("seen names the line's own replica") }
                seen.append(try Self.readSeen(of: replica, from: &reader))
            }
        }
        return seen.sorted { $0.revision.replica < $1.revision.replica }
    }

    public func at() throws(LineFault) -> Timestamp {
        let text = try requiredString("at")
        guard let at = Timestamp(text) else {
            throw .invalid("at \(quoted(text)) is not YYYY-MM-DDTHH:MM:SS.mmmZ")
        }
        return at
    }

    public func author() throws(LineFault) -> String { try line("author") }

    public func machine() throws(LineFault) -> String { try line("machine") }

    public func message() throws(LineFault) -> String? {
        guard let text = try optionalString("message") else { return nil }
        guard Shape.isText(text, maximumBytes: FieldType.maximumTextBytes) else {
            throw .invalid("message is longer than 64 KiB or has control characters")
        }
        return text
    }

    public func group() throws(LineFault) -> Changeset.Group? {
        guard offsets["group"] != nil else { return nil }
        var (id, part, isLast): (String?, Int?, Bool) = (nil, nil, false)
        try member("group") { (reader) throws(LineFault) in
            try reader.readObject(fault: LineFault.init(json:)) {
                (reader, name) throws(LineFault) in
                do throws(JSONFault) {
                    switch name {
                    case "id": id = try reader.readString()
                    case "part": part = try reader.readSeq()
                    case "last": isLast = try reader.readBool()
                    default: try reader.skipValue()
                    }
                } catch { throw LineFault(json: error) }
            }
        }
        guard let id, DatasetID(id) != nil, let part, part >= 1 else {
            throw .invalid("group wants an id, a UUID in lower case, and a part from 1")
        }
        return Changeset.Group(id: id, part: part, isLast: isLast)
    }

    /// Whether an import wrote the line; other values of `by` mean nothing to this version.
    public func isImport() throws(LineFault) -> Bool {
        if offsets["by"] == nil { return false }
        return try line("by") == "import"
    }

    /// The old hash of a line that was rewritten to repair a fork (DESIGN.md section 6).
    public func was() throws(LineFault) -> ChangesetHash? {
        guard let text = try optionalString("was") else { return nil }
        return try Self.readHash(text, of: "was")
    }

    /// Structure, type, shape and size of the edits; the rest of the line's members too.
    public func changeset(kinds: KindCatalog) throws(LineFault) -> Changeset {
        let (at, author, machine) = (try at(), try author(), try machine())
        let (message, group, isImport) = (try message(), try group(), try isImport())
        _ = try was()
        var edits: [Edit] = []
        try member("edits") { (reader) throws(LineFault) in
            var editReader = EditReader(kinds: kinds)
            edits = try editReader.readEdits(from: &reader)
        }
        return Changeset(
            dataset: try dataset(), revision: Revision(try replica(), try seq()),
            previous: try previous(), seen: try seen(), at: at, author: author, machine: machine,
            message: message, group: group, isImport: isImport, edits: edits)
    }

    // MARK: Reading a member

    private func member<Result>(
        _ name: String, read: (inout JSONReader) throws(LineFault) -> Result
    ) throws(LineFault) -> Result {
        guard let offset = offsets[name] else { throw .invalid("the member \(name) is missing") }
        var reader = JSONReader(unsigned, at: offset)
        return try read(&reader)
    }

    private func required<Result>(
        _ name: String, read: (inout JSONReader) throws(JSONFault) -> Result
    ) throws(LineFault) -> Result {
        try member(name) { (reader) throws(LineFault) in
            do throws(JSONFault) {
                return try read(&reader)
            } catch { throw .invalid("\(name): \(error.reason)") }
        }
    }

    private func requiredString(_ name: String) throws(LineFault) -> String {
        try required(name) { (reader) throws(JSONFault) in try reader.readString() }
    }

    private func optionalString(_ name: String) throws(LineFault) -> String? {
        offsets[name] == nil ? nil : try requiredString(name)
    }

    private func line(_ name: String) throws(LineFault) -> String {
        let text = try requiredString(name)
        guard Shape.isLine(text, maximumBytes: 256) else {
            throw .invalid("\(name) is empty, longer than 256 bytes, or has control characters")
        }
        return text
    }

    private static func readHash(_ text: String, of name: String) throws(LineFault) -> ChangesetHash
    {
        guard let hash = ChangesetHash(text) else {
            throw .invalid("\(name) \(quoted(text)) is not 64 lower-case hexadecimal digits")
        }
        return hash
    }

    private static func readSeen(
        of replica: ReplicaID, from reader: inout JSONReader
    ) throws(LineFault) -> Changeset.Seen {
        do throws(JSONFault) {
            try reader.expect("[")
            let seq = try reader.readSeq()
            try reader.expect(",")
            let text = try reader.readString()
            try reader.expect("]")
            if seq >= 1, let hash = ChangesetHash(text) {
                return Changeset.Seen(revision: Revision(replica, seq), hash: hash)
            }
        } catch { throw .invalid("seen of \(replica): \(error.reason)") }
        throw .invalid("seen of \(replica) is not [seq, hash]")
    }
}

/// A value from outside in an error text: quoted, and not longer than a line bears.
func quoted(_ text: String) -> String { JSONString.shown(shortened(text)) }

/// Cut by scalars: one character may be as long as the text.
func shortened(_ text: String) -> String {
    let maximumScalars = 120
    guard text.utf8.count > maximumScalars else { return text }
    let head = String.UnicodeScalarView(text.unicodeScalars.prefix(maximumScalars))
    return head.count < text.unicodeScalars.count ? String(head) + "…" : text
}
