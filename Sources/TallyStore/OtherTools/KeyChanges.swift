import TallyCore

/// What became of keys that another tool changed: a changed key is a row less and a row more.
///
/// Where the new key is the old one in another form (`2023-A1`), the record goes on under it. Where the new row cannot be
/// taken, the record stays as it was, so that what is refused deletes nothing: the row that is gone is known by what the
/// two have in common.
struct KeyChanges {
    private var goingOn: Set<RecordKey> = []
    /// How many refused rows leave a trace.
    private var refused: [Trace: Int] = [:]
    private var masks: Set<[Bool]> = []

    /// What a refused row says that is valid, with where that stands: of its key, or where that is valid, of its cells.
    private struct Trace: Hashable {
        let mask: [Bool]
        /// The hash of what stands there, so that memory does not grow with the rows.
        let content: Int

        init(_ mask: [Bool], _ values: [SQLValue]) {
            self.mask = mask
            var hasher = Hasher()
            for (isValid, value) in zip(mask, values) where isValid {
                hasher.combine(String(describing: value))
            }
            content = hasher.finalize()
        }
    }

    /// Notes that a row goes on with the record of a key.
    ///
    /// - Returns: false when another row does already.
    mutating func goOn(with key: RecordKey) -> Bool { goingOn.insert(key).inserted }

    /// Notes a row that is refused and has no record of its own.
    mutating func refuse(_ row: TypedRow) {
        let parts = row.validKeyParts
        let isOfKey = parts.contains(true) && parts.contains(false)
        let mask = (isOfKey ? parts : parts.map { _ in false }) + (isOfKey ? [] : row.validCells)
        masks.insert(mask)
        refused[Trace(mask, row.key + (row.cells ?? [])), default: 0] += 1
    }

    /// Whether the record of a row that is gone stays.
    ///
    /// - Parameter cells: what stood in the row.
    mutating func keep(_ row: TypedRow, cells: () throws -> [SQLValue]) rethrows -> Bool {
        if let key = row.typedKey, goingOn.contains(key) { return true }
        guard !masks.isEmpty else { return false }
        let values = row.key + (try cells())
        for mask in masks {
            let trace = Trace(mask, values)
            guard let count = refused[trace], count > 0 else { continue }
            refused[trace] = count - 1
            return true
        }
        return false
    }
}
