import CZstd

/// Unpacks a file of zstd frames piece by piece, in memory that does not grow with the file.
///
/// Not `Sendable`: the context holds the state of the frame under way.
public final class ZstdStream {
    /// The largest window that a frame may ask for, as a power of two: 128 MiB, as the program `zstd` has it.
    public static let windowLogMaximum: Int32 = 27
    private static let pieceBytes = 256 * 1024

    private let context: OpaquePointer
    private var input: [UInt8] = []
    private var position = 0
    private var takenBytes = 0
    /// What zstd still expects: 0 between frames.
    private var wanted = 0
    /// The last piece was full, so there may be more without more input.
    private var mayHoldMore = false

    private let windowLogMaximum: Int32

    /// - Parameter windowLogMaximum: a frame that wants a larger window, which is kept in memory, is refused.
    public init(windowLogMaximum: Int32 = ZstdStream.windowLogMaximum) {
        self.windowLogMaximum = windowLogMaximum
        context = decompressionContext(windowLogMaximum: windowLogMaximum)
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// Hands in the next bytes of the file.
    ///
    /// - Precondition: ``next()`` has given nil.
    public func give(_ bytes: [UInt8]) {
        precondition(position == input.count, "the bytes before are not unpacked yet")
        (input, position) = (bytes, 0)
    }

    /// The next bytes unpacked; nil when more input is needed.
    ///
    /// - Throws: `ZstdError` for what is no row of frames.
    public func next() throws(ZstdError) -> [UInt8]? {
        while position < input.count || mayHoldMore {
            var result = 0
            let output = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, count in
                input.withUnsafeBytes { bytes in
                    var from = ZSTD_inBuffer(
                        src: bytes.baseAddress, size: bytes.count, pos: position)
                    var into = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
                    result = ZSTD_decompressStream(context, &into, &from)
                    takenBytes += from.pos - position
                    position = from.pos
                    count = into.pos
                    // At the end of a frame there is nothing more, however full the piece.
                    mayHoldMore = into.pos == into.size && result != 0
                }
            }
            guard ZSTD_isError(result) == 0 else {
                throw ZstdError(
                    result, offset: takenBytes, windowLogMaximum: windowLogMaximum)
            }
            wanted = result
            if !output.isEmpty { return output }
        }
        return nil
    }

    /// To be called at the end of the file.
    ///
    /// - Throws: `ZstdError` where a frame has not ended.
    public func finish() throws(ZstdError) {
        if wanted != 0 { throw .truncated(inputBytes: takenBytes) }
    }
}

@available(*, unavailable)
extension ZstdStream: Sendable {}
