import TallyCore
import TallyZstd

/// A line as the log keeps it.
public struct PackedLine: Sendable {
    public let position: Int
    /// How long it is unpacked.
    public let byteCount: Int
    /// A frame of zstd.
    public let packed: [UInt8]

    /// Above this a line is packed quickly, and small only when the file is compacted.
    fileprivate static let longBytes = 256 * 1024

    /// A line as the log keeps it. Short ones, as people's edits make, are packed smaller: a thousand edits take 14.8 KB
    /// instead of 17.2, for 3 ms instead of 0.2 (15.1 KB and 1.4 ms at level 9, 13.9 KB and 12 ms at 15); long ones would
    /// take five times as long for a fifth less.
    static func pack(_ line: [UInt8]) -> [UInt8] {
        Zstd.compress(line, level: line.count <= longBytes ? 11 : Zstd.defaultLevel)
    }

    /// - Throws: `StoreError` where it cannot be unpacked.
    public func unpacked() throws -> [UInt8] { try LogTable.unpack(packed, at: position) }
}

/// Lines that were packed quickly, as those of an import: a quarter of what they take can be had for a hundred times the
/// time (Benchmarks/layouts.md).
extension LogTable {
    /// Up to which position there are none any more, as a fact about the file.
    static let packedName = "packed"

    private var packedPosition: Int {
        get throws { try FactTable(db).value(Self.packedName).flatMap { Int($0) } ?? 0 }
    }

    /// About how many bytes fewer the log would take.
    ///
    /// - Complexity: O(lines).
    func looseBytes() throws -> Int {
        try SQL(
            "SELECT coalesce(sum(length(line)), 0) / 4 FROM tally_log WHERE position > ? AND byte_count > ?",
            in: db
        ).bind(1, packedPosition).bind(2, PackedLine.longBytes).first { $0.integer(0) } ?? 0
    }

    /// Packs them as small as can be.
    ///
    /// - Complexity: about 5 s for each 10 MiB of lines.
    func packTightly(isInterrupted: () -> Bool) throws {
        var positions: [Int] = []
        try SQL(
            "SELECT position FROM tally_log WHERE position > ? AND byte_count > ? ORDER BY position",
            in: db
        ).bind(1, packedPosition).bind(2, PackedLine.longBytes).forEach {
            positions.append($0.integer(0))
        }
        if positions.isEmpty { return }
        let update = try SQL("UPDATE tally_log SET line = ? WHERE position = ?", in: db)
        for position in positions {
            if isInterrupted() { throw StoreError.interrupted }
            guard let line = try line(at: position) else { continue }
            try update.bind(1, Zstd.compress(line, level: 19)).bind(2, position).run()
        }
        try FactTable(db).set(Self.packedName, String(lastPosition()))
    }
}
