/// Packing and unpacking of whole byte strings with zstd (RFC 8878).
///
/// Each call makes a context of its own; for many small strings keep a `ZstdCompressor` or
/// `ZstdDecompressor`.
public enum Zstd {
    /// zstd's own default: about 5 times smaller on changesets, at some hundred MB/s.
    public static let defaultLevel: Int32 = 3

    /// One frame that holds `bytes`, with its size in the header and without a checksum.
    ///
    /// - Parameter level: 1 (fast) to 19 (small).
    public static func compress(_ bytes: [UInt8], level: Int32 = defaultLevel) -> [UInt8] {
        ZstdCompressor(level: level).compress(bytes)
    }

    /// One frame that holds `bytes`, with its size in the header and without a checksum.
    ///
    /// - Parameter level: 1 (fast) to 19 (small).
    public static func compress(
        _ bytes: UnsafeRawBufferPointer, level: Int32 = defaultLevel
    ) -> [UInt8] {
        ZstdCompressor(level: level).compress(bytes)
    }

    /// What one or more frames hold, joined.
    ///
    /// - Throws: `ZstdError`, as soon as the output passes `limit` bytes, and for anything that is
    ///   not a row of whole frames.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws(ZstdError) -> [UInt8] {
        try ZstdDecompressor().decompress(bytes, limit: limit)
    }

    /// What one or more frames hold, joined.
    ///
    /// - Throws: `ZstdError`, as soon as the output passes `limit` bytes, and for anything that is
    ///   not a row of whole frames.
    public static func decompress(
        _ bytes: UnsafeRawBufferPointer, limit: Int
    ) throws(ZstdError) -> [UInt8] {
        try ZstdDecompressor().decompress(bytes, limit: limit)
    }
}
