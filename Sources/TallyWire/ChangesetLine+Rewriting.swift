import Crypto
import TallyCore

extension ChangesetLine {
    /// The line written anew under another replica, so that it no longer rests on a branch that gives way
    /// (DESIGN.md section 6): members in one order, no spaces, strings and edits as the bytes they were. Members that this
    /// version does not know stand behind the edits, in their old order.
    ///
    /// Whoever rewrites the same line for the same fork writes the same bytes: Ed25519 signs deterministically (RFC 8032).
    ///
    /// - Parameters:
    ///   - key: that of the successor.
    ///   - seen: the news since the successor's previous line, sorted by replica.
    /// - Throws: `LineFault` with the word `tooLarge` where a line near the bound has no room for the longer names.
    public func rewritten(
        with key: ReplicaKey, seq: Int, previous: ChangesetHash?, seen: [Changeset.Seen]
    ) throws(LineFault) -> ChangesetWriter.Signed {
        let old = try rawMembers()
        var line = ChangesetWriter.head(
            dataset: try dataset(), revision: Revision(key.replica, seq), previous: previous,
            seen: seen)
        func append(_ name: String, _ value: ArraySlice<UInt8>) {
            line.append(UInt8(ascii: ","))
            JSONString.append(name, to: &line)
            line.append(UInt8(ascii: ":"))
            line.append(contentsOf: value)
        }
        append("was", Array("\"\(hash)\"".utf8)[...])
        for name in ["at", "author", "machine", "message", "group", "by", "edits"] {
            guard let value = old.known[name] else { continue }
            append(name, name == "group" ? Self.withoutSpaces(value)[...] : value)
        }
        for (name, value) in old.unknown { append(name, value) }
        ChangesetWriter.finish(&line, seq: seq, key: key)
        let signed = ChangesetWriter.sign(line, with: key)
        guard signed.bytes.count <= Changeset.maximumLineBytes else {
            throw LineFault(
                .tooLarge,
                "written anew the changeset \(try replica()):\(try self.seq()) takes "
                    + "\(signed.bytes.count) bytes; at most \(Changeset.maximumLineBytes) are taken"
            )
        }
        return signed
    }

    /// JSON without the spaces between its parts.
    private static func withoutSpaces(_ json: ArraySlice<UInt8>) -> [UInt8] {
        var (isInString, isEscaped) = (false, false)
        return json.filter { byte in
            defer {
                if !isEscaped, byte == UInt8(ascii: "\"") { isInString.toggle() }
                isEscaped = isInString && !isEscaped && byte == UInt8(ascii: "\\")
            }
            return isInString || ![0x20, 0x09, 0x0a, 0x0d].contains(byte)
        }
    }

    private struct RawMembers {
        var known: [String: ArraySlice<UInt8>] = [:]
        var unknown: [(name: String, value: ArraySlice<UInt8>)] = []
    }

    /// The values of the members as the bytes that came.
    private func rawMembers() throws(LineFault) -> RawMembers {
        var members = RawMembers()
        var reader = JSONReader(bytes)
        try reader.readObject(fault: LineFault.init(json:)) { (reader, name) throws(LineFault) in
            _ = reader.peek()
            let start = reader.position
            do throws(JSONFault) { try reader.skipValue() } catch { throw LineFault(json: error) }
            let value = bytes[start..<reader.position]
            if Self.memberNames.contains(name) {
                members.known[name] = value
            } else if name != "sig" {
                members.unknown.append((name, value))
            }
        }
        return members
    }
}

extension ReplicaKey {
    /// The key of the replica that takes the place of another one from a line on: its seed is the SHA-256 of
    /// `tally-fork-1` followed by the 32 bytes of the hash of that line (DESIGN.md section 6).
    public init(replacing first: ChangesetHash) {
        let seed = SHA256.hash(data: Array("tally-fork-1".utf8) + first.bytes)
        guard let key = ReplicaKey(seed: Array(seed)) else {
            preconditionFailure("SHA-256 has the 32 bytes of a seed")
        }
        self = key
    }
}
