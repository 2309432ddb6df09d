import TallyCore

/// Records that wait to be written together with those of the changesets that follow, in the order of the key.
///
/// Changesets come in the order of publication: each for itself would write most pages of the table again.
struct WaitingRows {
    /// A row, as long as ``forEach(orderedBy:_:)`` gives it.
    struct Row {
        let source: Int
        /// As `RecordKey` compares them.
        let key: UnsafeRawBufferPointer
        /// For each column beside the key, as ``append(_:from:columns:)`` wrote them.
        fileprivate let values: UnsafeRawBufferPointer
    }

    enum Cell {
        case null
        case number(Double)
        case text(UnsafeBufferPointer<UInt8>)
    }

    private struct Entry {
        let prefix: UInt64
        let start: UInt32
        let source: UInt32
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// How many bytes are to wait: half as many as have been written, since each time most pages of the table are written
    /// again, within bounds; the upper one is some 100,000 records of trade.
    private let fullBytes: Int
    private let settledBytes: Int
    private var otherBytes = 0

    private static let fewBytes = 2 << 20
    private static let manyBytes = 24 << 20

    init(after last: WaitingRows? = nil) {
        settledBytes = last.map { $0.settledBytes + $0.byteCount } ?? 0
        fullBytes = min(max(settledBytes / 2, Self.fewBytes), Self.manyBytes)
    }

    var count: Int { entries.count }
    var isFull: Bool { byteCount >= fullBytes }
    private var byteCount: Int {
        bytes.count + entries.count * MemoryLayout<Entry>.stride + otherBytes
    }

    fileprivate enum Tag { static let (null, number, text): (UInt8, UInt8, UInt8) = (0, 1, 2) }

    /// Counts what waits beside the rows.
    mutating func note(byteCount: Int) { otherBytes += byteCount }

    /// - Parameter source: what is to be done with it, as a number of the caller's.
    mutating func append(_ key: RecordKey, from source: Int) {
        // Growing by doubles would take twice the room for a moment.
        if bytes.count > fullBytes / 2, bytes.capacity < fullBytes {
            bytes.reserveCapacity(fullBytes + Self.fewBytes / 2)
        }
        entries.append(
            Entry(prefix: key.prefix, start: UInt32(bytes.count), source: UInt32(source)))
        key.withComparedBytes { append($0) }
    }

    /// - Parameter columns: for each column beside the key where its value stands in the row; nil for none.
    mutating func append(_ row: Edit.Row, from source: Int, columns: [Int?]) {
        append(row.key, from: source)
        for column in columns {
            switch column.map({ row.values[$0] }) ?? .null {
            case .null: bytes.append(Tag.null)
            case .number(let number):
                bytes.append(Tag.number)
                withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
            case .text(var text), .opaque(var text):
                bytes.append(Tag.text)
                text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
            }
        }
    }

    private mutating func append(_ part: UnsafeRawBufferPointer) {
        if part.count < Self.manyCount {
            bytes.append(UInt8(part.count))
        } else {
            bytes.append(Self.manyCount)
            withUnsafeBytes(of: UInt32(part.count)) { bytes.append(contentsOf: $0) }
        }
        bytes.append(contentsOf: part)
    }

    /// Calls `body` with each row, by source of `order` and key; those of one key in the order in which they came.
    ///
    /// - Parameter order: for each source, the place of its table among the tables.
    func forEach(orderedBy order: [Int], _ body: (Row) throws -> Void) rethrows {
        try bytes.withUnsafeBytes { all in
            func key(_ entry: Entry) -> UnsafeRawBufferPointer {
                Self.part(of: all, at: Int(entry.start)).bytes
            }
            // Each changeset is sorted already, which the sort makes use of.
            let sorted = entries.sorted { a, b in
                let (x, y) = (order[Int(a.source)], order[Int(b.source)])
                if x != y { return x < y }
                if a.prefix != b.prefix { return a.prefix < b.prefix }
                let keys = RecordKey.order(key(a), key(b))
                return keys == 0 ? a.start < b.start : keys < 0
            }
            for entry in sorted {
                let (key, end) = Self.part(of: all, at: Int(entry.start))
                let values = UnsafeRawBufferPointer(rebasing: all[end...])
                try body(Row(source: Int(entry.source), key: key, values: values))
            }
        }
    }

    /// Instead of the number of bytes that follow, which stands behind it.
    private static let manyCount: UInt8 = 255

    /// A key or text, and where it ends.
    fileprivate static func part(
        of all: UnsafeRawBufferPointer, at offset: Int
    ) -> (bytes: UnsafeRawBufferPointer, end: Int) {
        var (count, start) = (Int(all[offset]), offset + 1)
        if count == manyCount {
            count = Int(all.loadUnaligned(fromByteOffset: start, as: UInt32.self))
            start += MemoryLayout<UInt32>.size
        }
        return (UnsafeRawBufferPointer(rebasing: all[start..<start + count]), start + count)
    }
}

extension WaitingRows.Row {
    /// Calls `body` with the first `count` values.
    func forEachCell(_ count: Int, _ body: (WaitingRows.Cell) -> Void) {
        var offset = 0
        for _ in 0..<count {
            let tag = values[offset]
            offset += 1
            switch tag {
            case WaitingRows.Tag.number:
                body(.number(values.loadUnaligned(fromByteOffset: offset, as: Double.self)))
                offset += 8
            case WaitingRows.Tag.text:
                let (text, end) = WaitingRows.part(of: values, at: offset)
                body(.text(text.assumingMemoryBound(to: UInt8.self)))
                offset = end
            default: body(.null)
            }
        }
    }
}
