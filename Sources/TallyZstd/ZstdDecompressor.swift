import CZstd

/// Unpacks many byte strings with one zstd context; the input is not trusted.
///
/// A frame's header is believed only where that is cheap: it may refuse the frame (a size above the
/// limit, a window above 8 MiB), and it sizes the first buffer while that stays in proportion to the
/// input. Everything else grows with what is really unpacked. Frames of zstd before 0.8 are refused.
///
/// Not `Sendable`: the context holds the state of the call under way.
public final class ZstdDecompressor {
    /// The largest window that a frame may ask for, as a power of two: 8 MiB.
    ///
    /// The bound of RFC 9659 for the content coding "zstd"; levels 1 to 19 stay within it.
    public static let windowLogMaximum: Int32 = 23

    private let context: OpaquePointer

    public init() {
        context = decompressionContext(windowLogMaximum: ZstdDecompressor.windowLogMaximum)
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// What one or more frames hold, joined.
    ///
    /// - Throws: `ZstdError`; nothing past `limit` + 1 bytes is ever unpacked.
    public func decompress(_ bytes: [UInt8], limit: Int) throws(ZstdError) -> [UInt8] {
        let result: Result<[UInt8], ZstdError> = bytes.withUnsafeBytes { input in
            Result { () throws(ZstdError) in try decompress(input, limit: limit) }
        }
        return try result.get()
    }

    /// What one or more frames hold, joined.
    ///
    /// - Throws: `ZstdError`; nothing past `limit` + 1 bytes is ever unpacked.
    public func decompress(
        _ bytes: UnsafeRawBufferPointer, limit: Int
    ) throws(ZstdError) -> [UInt8] {
        guard !bytes.isEmpty else { throw .truncated(inputBytes: 0) }
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        var output = BoundedOutput(limit: limit)
        while input.pos < input.size {
            try decompressFrame(&input, of: bytes, into: &output)
        }
        return output.bytes
    }

    private func decompressFrame(
        _ input: inout ZSTD_inBuffer, of bytes: UnsafeRawBufferPointer,
        into output: inout BoundedOutput
    ) throws(ZstdError) {
        let start = input.pos
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        guard startsFrame(rest) else { throw .notAFrame(offset: start) }
        try output.expect(contentSize(of: rest), inputBytes: rest.count)
        ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
        while true {
            // Not zero while the frame goes on, and everything possible was written unless the
            // buffer is full: https://facebook.github.io/zstd/doc/api_manual_latest.html#Chapter9
            let left = output.fill { ZSTD_decompressStream(context, &$0, &input) }
            guard ZSTD_isError(left) == 0 else {
                throw ZstdError(
                    left, offset: input.pos,
                    windowLogMaximum: ZstdDecompressor.windowLogMaximum)
            }
            try output.checkLimit()
            if left == 0 { return }
            if output.isFull {
                output.makeRoom()
            } else if input.pos == input.size {
                throw .truncated(inputBytes: bytes.count)
            }
        }
    }

    /// Whether the magic number is that of a frame or of a skippable one (RFC 8878, sections 3.1.1
    /// and 3.1.2); the library itself may also take those of its old formats.
    private func startsFrame(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 4 else { return false }
        let magic = UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
        return magic == 0xFD2F_B528 || (0x184D_2A50...0x184D_2A5F).contains(magic)
    }

    /// The size that the frame's header gives, if it gives one.
    private func contentSize(of frame: UnsafeRawBufferPointer) -> UInt64? {
        // The two largest values stand for "unknown" and "not a header".
        let size = ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        return size < UInt64.max - 1 ? size : nil
    }
}

@available(*, unavailable)
extension ZstdDecompressor: Sendable {}
