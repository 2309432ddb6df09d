import CZstd
import TallyZstd
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Input that somebody made to do harm.
@Suite struct HostileZstdTests {
    @Test("a limit is exact: that many bytes pass, one more does not", arguments: [true, false])
    func exactLimit(knowsSize: Bool) throws {
        let packed = zeros(200_000, knowsSize: knowsSize)
        #expect(try Zstd.decompress(packed, limit: 200_000).count == 200_000)
        #expect(throws: ZstdError.tooLarge(limit: 199_999)) {
            try Zstd.decompress(packed, limit: 199_999)
        }
        #expect(throws: ZstdError.tooLarge(limit: 0)) { try Zstd.decompress(packed, limit: 0) }
    }

    @Test("a bomb of 1 GiB is refused without its memory", arguments: [true, false])
    func bomb(knowsSize: Bool) {
        let packed = zeros(1 << 30, knowsSize: knowsSize)
        #expect(packed.count < 200_000)
        let before = peakMemoryBytes()
        #expect(throws: ZstdError.tooLarge(limit: 4 << 20)) {
            try Zstd.decompress(packed, limit: 4 << 20)
        }
        #expect(peakMemoryBytes() - before < 256 << 20)
    }

    @Test("a header that lies about the size gets no memory for it")
    func lyingHeader() {
        // A single segment of 2^40 bytes, of which an RLE block of 100,000 is there.
        let header: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0b1110_0000] + littleEndian(1 << 40, 8)
        let block = littleEndian(100_000 << 3 | 1 << 1, 3) + [0x61]
        let before = peakMemoryBytes()
        #expect(throws: ZstdError.tooLarge(limit: 1 << 30)) {
            try Zstd.decompress(header + block, limit: 1 << 30)
        }
        #expect(throws: ZstdError.windowTooLarge(limit: 1 << 23)) {
            try Zstd.decompress(header + block, limit: 1 << 41)
        }
        #expect(peakMemoryBytes() - before < 256 << 20)
    }

    @Test("a window of more than 8 MiB is refused")
    func window() {
        let packed = zeros(100_000, knowsSize: false, windowLog: 27)
        #expect(throws: ZstdError.windowTooLarge(limit: 8 << 20)) {
            try Zstd.decompress(packed, limit: 1 << 30)
        }
        let accepted = zeros(100_000, knowsSize: false, windowLog: 23)
        #expect(throws: Never.self) { try Zstd.decompress(accepted, limit: 1 << 30) }
    }

    @Test("a text that is cut off anywhere is refused")
    func truncation() {
        let packed = Zstd.compress(changesetLike(3000))
        for count in packed.indices {
            let cut = Array(packed[..<count])
            let expected: ZstdError =
                (1...3).contains(count) ? .notAFrame(offset: 0) : .truncated(inputBytes: count)
            #expect(throws: expected) { try Zstd.decompress(cut, limit: 1 << 20) }
        }
    }

    @Test("whatever follows the last frame is refused", arguments: [1, 3, 4, 5000])
    func trailingBytes(count: Int) {
        let packed = Zstd.compress(changesetLike(3000))
        let garbage = [UInt8](repeating: 0x0A, count: count)
        #expect(throws: ZstdError.notAFrame(offset: packed.count)) {
            try Zstd.decompress(packed + garbage, limit: 1 << 20)
        }
    }

    @Test(
        "frames of old versions of zstd are refused", arguments: 0x22...0x27 as ClosedRange<UInt8>)
    func oldFormats(magic: UInt8) {
        #expect(throws: ZstdError.notAFrame(offset: 0)) {
            try Zstd.decompress([magic, 0xB5, 0x2F, 0xFD, 0, 0, 0, 0, 0, 0], limit: 1 << 20)
        }
    }

    @Test("bytes that are changed at random never unpack beyond the limit")
    func corruption() {
        let text = changesetLike(20_000)
        let packed = Zstd.compress(text)
        let decompressor = ZstdDecompressor()
        for seed in 0..<2000 {
            var random = Xorshift(seed: UInt64(seed))
            var damaged = packed
            for _ in 0...Int(random.next() % 4) {
                damaged[Int(random.next() % UInt64(packed.count))] = UInt8(random.next() & 0xFF)
            }
            if let unpacked = try? decompressor.decompress(damaged, limit: 25_000) {
                #expect(unpacked.count <= 25_000, "seed \(seed)")
            }
        }
        #expect(throws: Never.self) { try decompressor.decompress(packed, limit: 20_000) }
    }
}

private struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

private func littleEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// One frame of that many zeros, made without holding them.
private func zeros(_ count: Int, knowsSize: Bool, windowLog: Int32 = 0) -> [UInt8] {
    guard let context = ZSTD_createCCtx() else { fatalError("no memory") }
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog)
    if knowsSize { ZSTD_CCtx_setPledgedSrcSize(context, UInt64(count)) }
    let piece = [UInt8](repeating: 0, count: 1 << 20)
    var packed = [UInt8](repeating: 0, count: 1 << 20)
    var left = count
    packed.withUnsafeMutableBytes { buffer in
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        while left > 0 {
            let size = min(left, piece.count)
            piece.withUnsafeBytes { bytes in
                var input = ZSTD_inBuffer(src: bytes.baseAddress, size: size, pos: 0)
                ZSTD_compressStream2(context, &output, &input, ZSTD_e_continue)
                precondition(input.pos == size)
            }
            left -= size
        }
        var nothing = ZSTD_inBuffer(src: nil, size: 0, pos: 0)
        precondition(ZSTD_compressStream2(context, &output, &nothing, ZSTD_e_end) == 0)
        left = output.pos
    }
    return Array(packed[..<left])
}

private func peakMemoryBytes() -> Int {
    var usage = rusage()
    #if canImport(Darwin)
        getrusage(RUSAGE_SELF, &usage)
        return usage.ru_maxrss
    #else
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    #endif
}
