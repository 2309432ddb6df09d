import CZstd

/// Packs a file into one zstd frame piece by piece, in memory that does not grow with the file.
///
/// Pieces of the same sizes come to the same bytes. Not `Sendable`: the context holds the state of the frame under way.
public final class ZstdPacker {
    private let context: OpaquePointer

    /// - Parameters:
    ///   - level: 1 (fast) to 19 (small).
    ///   - byteCount: of the whole file; it stands in the frame's header, and must be what comes.
    public init(level: Int32 = Zstd.defaultLevel, byteCount: Int) {
        precondition((1...19).contains(level), "zstd level \(level) is not in 1...19")
        guard let context = ZSTD_createCCtx() else { fatalError("no memory for a zstd context") }
        self.context = context
        let results = [
            ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level),
            ZSTD_CCtx_setPledgedSrcSize(context, UInt64(byteCount)),
        ]
        precondition(results.allSatisfy { ZSTD_isError($0) == 0 }, "zstd refused its parameters")
    }

    deinit {
        ZSTD_freeCCtx(context)
    }

    /// What the next piece comes to; it may be nothing until the last.
    public func pack(_ piece: [UInt8], isLast: Bool) -> [UInt8] {
        let end = isLast ? ZSTD_e_end : ZSTD_e_continue
        var packed: [UInt8] = []
        piece.withUnsafeBytes { bytes in
            var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
            var left = 0
            repeat {
                packed += [UInt8](unsafeUninitializedCapacity: ZSTD_CStreamOutSize()) {
                    buffer, count in
                    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
                    left = ZSTD_compressStream2(context, &output, &input, end)
                    count = output.pos
                }
                guard ZSTD_isError(left) == 0 else {
                    fatalError("zstd: \(String(cString: ZSTD_getErrorName(left)))")
                }
            } while input.pos < input.size || (isLast && left > 0)
        }
        return packed
    }
}

@available(*, unavailable)
extension ZstdPacker: Sendable {}
