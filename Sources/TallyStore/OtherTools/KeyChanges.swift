import TallyCore

/// What became of keys that another tool changed: a changed key is a row less and a row more.
///
/// Where the new key is the old one in another form (`2023-A1`), the record goes on under it; where it is none at all, the
/// record stays as it was, so that what cannot be taken deletes nothing.
struct KeyChanges {
    private var goingOn: Set<RecordKey> = []
    /// By what a row with a key that is none has in common with the row that it was: how many there are.
    private var refused: [String: Int] = [:]
    private var masks: Set<[Bool]> = []

    /// Notes that a row goes on with the record of a key.
    ///
    /// - Returns: false when another row does already.
    mutating func goOn(with key: RecordKey) -> Bool { goingOn.insert(key).inserted }

    /// Notes a row of which the key cannot be taken.
    mutating func refuse(_ row: TypedRow) {
        let mask = row.validKeyParts
        guard mask.contains(false) else { return }
        masks.insert(mask)
        refused[Self.trace(mask, row.key, row.cells ?? []), default: 0] += 1
    }

    /// Whether the record of a row that is gone stays.
    ///
    /// - Parameter cells: what stood in the row.
    mutating func keep(_ row: TypedRow, cells: () throws -> [SQLValue]) rethrows -> Bool {
        if let key = row.typedKey, goingOn.contains(key) { return true }
        guard !masks.isEmpty else { return false }
        let cells = try cells()
        for mask in masks {
            let trace = Self.trace(mask, row.key, cells)
            guard let count = refused[trace], count > 0 else { continue }
            refused[trace] = count - 1
            return true
        }
        return false
    }

    /// The parts of the key that are valid; where there are none, all that stands beside it.
    private static func trace(_ mask: [Bool], _ key: [SQLValue], _ cells: [SQLValue]) -> String {
        guard mask.contains(true) else { return "\(cells)" }
        return "\(mask) \(zip(mask, key).map { $0 ? $1 : .null })"
    }
}
