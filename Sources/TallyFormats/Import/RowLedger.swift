/// Which record was given by which row of a file, and with what.
///
/// A hash table with open addressing over 64-bit hashes of the keys: 16 bytes a slot, at most three quarters full, so 22
/// to 32 MB for a million records. Two keys with one hash would be taken for one: among a million records the chance is
/// 1 in 37 million, and the row is refused, unless what it says has one hash of 32 bits too.
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

    static func hash(_ value: some Hashable) -> UInt64 {
        UInt64(bitPattern: Int64(value.hashValue))
    }

    /// What was noted of a key, by its ``hash(_:)``; nil where nothing was.
    func entry(_ hash: UInt64) -> (content: UInt32, row: Int)? {
        let slot = slots[position(of: hash)]
        return slot.row == 0 ? nil : (slot.content, Int(slot.row))
    }

    /// Notes a key, or something else of one that is there.
    mutating func note(_ hash: UInt64, content: UInt32, row: Int) {
        let index = position(of: hash)
        let isNew = slots[index].row == 0
        slots[index] = Slot(key: hash, content: content, row: UInt32(clamping: row))
        guard isNew else { return }
        count += 1
        if count * 4 > slots.count * 3 { grow() }
    }

    private func position(of key: UInt64) -> Int {
        // In the order of the hashes, so that growing walks through both tables from one end to the other.
        var index = Int(key.multipliedFullWidth(by: UInt64(slots.count)).high)
        while slots[index].row != 0, slots[index].key != key {
            index += 1
            if index == slots.count { index = 0 }
        }
        return index
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 3 / 2)
        for slot in old where slot.row != 0 { slots[position(of: slot.key)] = slot }
    }
}
