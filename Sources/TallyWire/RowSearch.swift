import TallyCore

/// Finds the rows of a few records among those of a line that was checked when it came.
///
/// Rows are told apart by a hash of the bytes of their keys, so that those of others are passed over unread. One that is
/// not wanted may be found, where a hash is the same or a key is written with spaces or escapes; no wanted one is missed.
struct RowSearch {
    private var hashes: [String: Set<UInt64>] = [:]

    init(_ records: some Sequence<RecordAddress>) {
        for record in records {
            var hash = KeyHash()
            for byte in record.key.json.utf8 { hash.combine(byte) }
            hashes[record.kind, default: []].insert(hash.value)
        }
    }

    func mayHold(_ row: CheckedRow, of kind: String) -> Bool {
        guard let keyHash = row.keyHash else { return hashes[kind] != nil }
        return hashes[kind]?.contains(keyHash) == true
    }
}

/// FNV-1a of 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/).
struct KeyHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func combine(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
    }
}

/// Where a row lies in a line.
struct CheckedRow {
    /// Of the bytes of the key; nil where they are not those that `RecordKey.json` gives.
    let keyHash: UInt64?
    /// Behind its closing bracket.
    let end: Int

    /// - Parameter start: where the row's opening bracket stands.
    /// - Returns: nil where there is no row that ends: the bytes are damaged.
    /// - Complexity: O(bytes of the row).
    init?(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
        var hash = KeyHash()
        var (isPlain, isInString, depth, position) = (true, false, 0, start)
        scan: while true {
            guard position < bytes.count else { return nil }
            let byte = bytes[position]
            if isInString {
                if byte == UInt8(ascii: "\\") {
                    isPlain = false
                    position += 1
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "]"): depth -= 1
                case 0x20, 0x09: isPlain = false
                default: break
                }
            }
            if position > start { hash.combine(byte) }
            position += 1
            // The key is the first element.
            if depth == 1, position > start + 1 { break scan }
            if depth == 0 { return nil }
        }
        keyHash = isPlain ? hash.value : nil
        while depth > 0 {
            guard position < bytes.count else { return nil }
            switch bytes[position] {
            case UInt8(ascii: "\\") where isInString: position += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += isInString ? 0 : 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= isInString ? 0 : 1
            default: break
            }
            position += 1
        }
        end = position
    }
}

extension ChangesetLine {
    /// The edits of a line that was checked when it came, with the rows of some records: of others a few may be among them.
    ///
    /// - Complexity: O(bytes), some times less than to read all rows.
    public static func edits(
        of records: Set<RecordAddress>, inChecked bytes: [UInt8], kinds: KindCatalog
    ) throws(LineFault) -> [Edit] {
        do throws(JSONFault) {
            try JSONReader.checkUTF8(bytes)
        } catch { throw LineFault(json: error) }
        var editReader = EditReader(kinds: kinds, search: RowSearch(records))
        var edits: [Edit] = []
        var reader = JSONReader(bytes)
        try reader.readObject(fault: LineFault.init(json:)) { (reader, name) throws(LineFault) in
            if name == "edits" {
                edits = try editReader.readEdits(from: &reader)
                return
            }
            do throws(JSONFault) {
                try reader.skipValue()
            } catch { throw LineFault(json: error) }
        }
        return edits
    }
}
