/// Which record was given by which row of a file, and with what.
///
/// A hash table with open addressing over 64-bit hashes of the keys: 16 bytes a slot, at most three quarters full, so 22
/// to 43 MB for a million records. Two keys with one hash would be taken for one: among a million records the chance is
/// 1 in 37 million, and such a row is refused, not lost.
///
/// - Complexity: O(1) per record.
struct RowLedger {
    private struct Slot {
        var key: UInt64 = 0
        var content: UInt32 = 0
        /// 0 in an empty slot.
        var row: UInt32 = 0
    }

    private var slots = [Slot](repeating: Slot(), count: 1 << 10)
    private var count = 0

    enum Finding: Equatable {
        case new
        /// An earlier row says the same.
        case same(row: Int)
        case other(row: Int)
    }

    /// Notes a record, unless it is there.
    mutating func note(_ key: some Hashable, content: some Hashable, row: Int) -> Finding {
        let keyHash = Self.hash(key)
        let contentHash = UInt32(truncatingIfNeeded: Self.hash(content))
        let index = position(of: keyHash)
        if slots[index].row != 0 {
            let row = Int(slots[index].row)
            return slots[index].content == contentHash ? .same(row: row) : .other(row: row)
        }
        slots[index] = Slot(
            key: keyHash, content: contentHash, row: UInt32(clamping: row))
        count += 1
        if count * 4 > slots.count * 3 { grow() }
        return .new
    }

    /// Whether a record with that ``hash(_:)`` of its key was noted.
    func contains(hash: UInt64) -> Bool { slots[position(of: hash)].row != 0 }

    static func hash(_ value: some Hashable) -> UInt64 {
        UInt64(bitPattern: Int64(value.hashValue))
    }

    private func position(of key: UInt64) -> Int {
        var index = Int(truncatingIfNeeded: key) & (slots.count - 1)
        while slots[index].row != 0, slots[index].key != key {
            index = (index + 1) & (slots.count - 1)
        }
        return index
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.row != 0 { slots[position(of: slot.key)] = slot }
    }
}
