import TallyCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Rows of new records that wait to be written together with those of the changesets that follow, in the order of the key.
///
/// Changesets come in the order of publication: each for itself would write most pages of the table again.
struct WaitingRows {
    /// A row, as long as ``forEach(_:)`` gives it.
    struct Row {
        let source: Int
        /// As `RecordKey` compares them.
        let key: UnsafeRawBufferPointer
        /// For each column beside the key, as ``append(_:from:columns:)`` wrote it.
        fileprivate let values: UnsafeRawBufferPointer
    }

    enum Cell {
        case null
        case number(Double)
        case text(UnsafeBufferPointer<UInt8>)
    }

    private struct Entry {
        let prefix: UInt64
        let start: Int
        let keyCount: UInt32
        let source: UInt32
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    /// Some 100,000 records of trade: sorted by so many they take two thirds of the time that it takes by 10,000
    /// (Benchmarks/layouts), and more take hardly less.
    private static let maximumBytes = 12 << 20

    var isEmpty: Bool { entries.isEmpty }
    var isFull: Bool { bytes.count >= Self.maximumBytes }

    fileprivate enum Tag { static let (null, number, text): (UInt8, UInt8, UInt8) = (0, 1, 2) }

    /// - Parameters:
    ///   - source: an edit, as a number of the caller's.
    ///   - columns: for each column beside the key where its value stands in the row; nil for none.
    mutating func append(_ row: Edit.Row, from source: Int, columns: [Int?]) {
        let start = bytes.count
        row.key.withComparedBytes { bytes.append(contentsOf: $0) }
        entries.append(
            Entry(
                prefix: row.key.prefix, start: start, keyCount: UInt32(bytes.count - start),
                source: UInt32(source)))
        for column in columns {
            switch column.map({ row.values[$0] }) ?? .null {
            case .null: bytes.append(Tag.null)
            case .number(let number):
                bytes.append(Tag.number)
                withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
            case .text(var text), .opaque(var text):
                bytes.append(Tag.text)
                text.withUTF8 { utf8 in
                    withUnsafeBytes(of: UInt32(utf8.count)) { bytes.append(contentsOf: $0) }
                    bytes.append(contentsOf: utf8)
                }
            }
        }
    }

    /// Calls `body` with each row, by source of `order` and key; those of one key in the order in which they came.
    ///
    /// - Parameter order: for each source, the place of its table among the tables.
    func forEach(orderedBy order: [Int], _ body: (Row) throws -> Void) rethrows {
        try bytes.withUnsafeBytes { all in
            func key(_ entry: Entry) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: all[entry.start..<entry.start + Int(entry.keyCount)])
            }
            // Each changeset is sorted already, which the sort makes use of.
            let sorted = entries.sorted { a, b in
                let (x, y) = (order[Int(a.source)], order[Int(b.source)])
                if x != y { return x < y }
                if a.prefix != b.prefix { return a.prefix < b.prefix }
                let keys = Self.compare(key(a), key(b))
                return keys == 0 ? a.start < b.start : keys < 0
            }
            for entry in sorted {
                try body(
                    Row(
                        source: Int(entry.source), key: key(entry),
                        values: UnsafeRawBufferPointer(
                            rebasing: all[(entry.start + Int(entry.keyCount))...])))
            }
        }
    }

    /// Below 0, 0 or above 0, as `RecordKey` compares.
    private static func compare(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        guard let x = a.baseAddress, let y = b.baseAddress else { return a.count - b.count }
        let order = memcmp(x, y, min(a.count, b.count))
        return order == 0 ? a.count - b.count : Int(order)
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
                let length = Int(values.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                offset += 4
                body(
                    .text(
                        UnsafeRawBufferPointer(rebasing: values[offset..<offset + length])
                            .assumingMemoryBound(to: UInt8.self)))
                offset += length
            default: body(.null)
            }
        }
    }
}
