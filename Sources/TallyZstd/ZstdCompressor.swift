import CZstd

/// Packs many byte strings with one zstd context, so that a small one does not pay for its tables.
///
/// Not `Sendable`: the context holds the state of the call under way.
public final class ZstdCompressor {
    private let context: OpaquePointer

    /// - Parameter level: 1 (fast) to 19 (small). Higher ones want windows of more than 8 MiB, which
    ///   `ZstdDecompressor` refuses.
    public init(level: Int32 = Zstd.defaultLevel) {
        precondition((1...19).contains(level), "zstd level \(level) is not in 1...19")
        guard let context = ZSTD_createCCtx() else { fatalError("no memory for a zstd context") }
        self.context = context
        let result = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        precondition(ZSTD_isError(result) == 0, "zstd refused level \(level)")
    }

    deinit {
        ZSTD_freeCCtx(context)
    }

    /// One frame that holds `bytes`; calls do not depend on each other.
    public func compress(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { compress($0) }
    }

    /// One frame that holds `bytes`; calls do not depend on each other.
    public func compress(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        // With room for the worst case, compression cannot fail but for memory:
        // https://facebook.github.io/zstd/doc/api_manual_latest.html#Chapter3
        let bound = ZSTD_compressBound(bytes.count)
        precondition(ZSTD_isError(bound) == 0, "\(bytes.count) bytes are too many for one frame")
        return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            let written = ZSTD_compress2(
                context, buffer.baseAddress, buffer.count, bytes.baseAddress, bytes.count)
            guard ZSTD_isError(written) == 0 else {
                fatalError("zstd: \(String(cString: ZSTD_getErrorName(written)))")
            }
            count = written
        }
    }
}

@available(*, unavailable)
extension ZstdCompressor: Sendable {}
