import Foundation
import GRDB
import TallyCore

extension DatasetAccess {
    /// The record that a person means by `text`: its address, or for a kind with one key field a prefix of the key that
    /// fits one record only.
    ///
    /// - Throws: `StoreError` saying what is wrong with the address, or which records it could be.
    public func address(_ text: String) throws -> RecordAddress {
        let address = try address(exactly: text)
        // A terminal may give letters apart from their marks; what is entered is kept in NFC.
        let composed = text.precomposedStringWithCanonicalMapping
        guard !composed.hasSameBytes(as: text), try records.load(address).state.isEmpty else {
            return address
        }
        return try self.address(exactly: composed)
    }

    private func address(exactly text: String) throws -> RecordAddress {
        guard let address = RecordAddress(text),
            address.key.parts.allSatisfy({ !$0.isEmpty })
        else {
            throw StoreError(
                .badInput, "\(JSONString.quoted(text)) is no address of a record",
                hint: "It is KIND/KEY, as in trade/KOR/CHN/X/TOTAL/2023/kosis or event/ID.")
        }
        guard let kind = kinds[address.kind] else {
            if try !records.load(address).state.isEmpty { return address }
            throw StoreError(
                .badInput, "There is no kind \(JSONString.quoted(address.kind))",
                hint: kinds.hint(for: address.kind))
        }
        let wanted = kind.key.map(\.name).joined(separator: "/")
        guard address.key.count == kind.key.count else {
            throw StoreError(
                .badInput,
                "\(text) has \(address.key.count) key parts; \(kind.name) has \(kind.key.count)",
                hint: "Write \(kind.name)/\(wanted), a / inside a part as %2F.")
        }
        if kind.key.count == 1, try records.load(address).state.isEmpty {
            return try self.address(prefix: address, kind: kind)
        }
        return address
    }

    private func address(prefix: RecordAddress, kind: Kind) throws -> RecordAddress {
        let text = prefix.key.parts[0]
        var found: Set<String> = []
        let column = kind.key[0].name.sqlName
        try SQL(
            "SELECT \(column) FROM \(kind.name.sqlName) WHERE substr(\(column), 1, ?) = ? LIMIT 4",
            in: db
        ).bind(1, text.unicodeScalars.count).bind(2, text).forEach { found.insert($0.text(0)) }
        // SQLite counts scalars; the key stands there as JSON, as far as the closing quote.
        let json = String(RecordKey([text]).json.dropLast(2))
        try SQL(
            "SELECT key FROM tally_state WHERE kind = ? AND substr(key, 1, ?) = ? LIMIT 4", in: db
        ).bind(1, kind.name).bind(2, json.unicodeScalars.count).bind(3, json).forEach { row in
            if let part = RecordKey(json: row.text(0))?.parts.first { found.insert(part) }
        }
        let keys = found.sorted()
        guard let key = keys.first else { return prefix }
        if keys.count > 1 {
            throw StoreError(
                .badInput,
                "\(prefix) could be \(keys.map { RecordAddress(kind: kind.name, key: RecordKey([$0])).text }.joined(separator: ", "))",
                hint: "Give more of the id.")
        }
        return RecordAddress(kind: kind.name, key: RecordKey([key]))
    }
}
