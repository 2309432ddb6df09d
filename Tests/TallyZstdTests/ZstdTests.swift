import TallyZstd
import Testing

@Suite struct ZstdTests {
    @Test(
        "what is packed unpacks to the same bytes",
        arguments: [0, 1, 100, 65_536, 65_537, 3_000_000])
    func roundTrip(count: Int) throws {
        let bytes = changesetLike(count)
        let packed = Zstd.compress(bytes)
        #expect(try Zstd.decompress(packed, limit: count) == bytes)
        #expect(count < 1000 || packed.count < count / 4)
    }

    @Test(
        "every level is within the window that is accepted", arguments: [1, 3, 12, 19] as [Int32])
    func levels(level: Int32) throws {
        let bytes = changesetLike(9 << 20)
        let packed = Zstd.compress(bytes, level: level)
        #expect(try Zstd.decompress(packed, limit: bytes.count) == bytes)
    }

    @Test(
        "a file that is packed piece by piece is one frame that says how long it is",
        arguments: [1, 70_000, 3_000_000])
    func pieces(count: Int) throws {
        let bytes = changesetLike(count)
        func pack() -> [UInt8] {
            let packer = ZstdPacker(level: 6, byteCount: count)
            return stride(from: 0, to: count, by: 50_000).flatMap { start in
                let end = min(start + 50_000, count)
                return packer.pack(Array(bytes[start..<end]), isLast: end == count)
            }
        }
        let packed = pack()
        #expect(try Zstd.decompress(packed, limit: count) == bytes)
        #expect(throws: ZstdError.tooLarge(limit: count - 1)) {
            try Zstd.decompress(packed, limit: count - 1)
        }
        #expect(pack() == packed)
        #expect(count < 1000 || packed.count < count / 4)
    }

    @Test("raw buffers are taken as arrays are")
    func rawBuffers() throws {
        let bytes = changesetLike(5000)
        let packed = bytes.withUnsafeBytes { Zstd.compress($0) }
        #expect(packed == Zstd.compress(bytes))
        let unpacked = packed.withUnsafeBytes { try? Zstd.decompress($0, limit: 5000) }
        #expect(unpacked == bytes)
    }

    @Test("a context packs line after line as a fresh one would")
    func reuse() throws {
        let compressor = ZstdCompressor()
        let decompressor = ZstdDecompressor()
        for count in [10, 4000, 0, 140, 200_000, 140] {
            let line = changesetLike(count)
            let packed = compressor.compress(line)
            #expect(packed == Zstd.compress(line))
            #expect(try decompressor.decompress(packed, limit: count) == line)
        }
    }

    @Test("frames one after another are one text, skippable ones are nothing")
    func concatenatedFrames() throws {
        let skippable: [UInt8] = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 9, 9, 9]
        let parts = [changesetLike(70_000), [], changesetLike(5)]
        let packed = skippable + parts.flatMap { Zstd.compress($0) + skippable }
        #expect(try Zstd.decompress(packed, limit: 70_005) == Array(parts.joined()))
        #expect(throws: ZstdError.tooLarge(limit: 70_004)) {
            try Zstd.decompress(packed, limit: 70_004)
        }
    }

    @Test("a context is as good as new after it refused something")
    func reuseAfterError() throws {
        let decompressor = ZstdDecompressor()
        let packed = Zstd.compress(changesetLike(300_000))
        #expect(throws: ZstdError.self) {
            try decompressor.decompress(Array(packed.dropLast()), limit: 300_000)
        }
        #expect(throws: ZstdError.self) { try decompressor.decompress(packed, limit: 10) }
        #expect(try decompressor.decompress(packed, limit: 300_000) == changesetLike(300_000))
    }

    @Test(
        "errors say what is wrong, and where",
        arguments: [
            (ZstdError.truncated(inputBytes: 7), "The zstd data is cut off after 7 bytes."),
            (.tooLarge(limit: 10), "The zstd data unpacks to more than 10 bytes."),
            (.windowTooLarge(limit: 8), "The zstd data needs a window of more than 8 bytes."),
            (.notAFrame(offset: 12), "There is no zstd frame at byte 12."),
            (
                .corrupt(detail: "Data corruption detected", offset: 3),
                "The zstd data is damaged before byte 3: Data corruption detected."
            ),
        ])
    func texts(error: ZstdError, text: String) {
        #expect("\(error)" == text)
    }
}

/// JSON-like rows that repeat as changesets do.
func changesetLike(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var row = 0
    while bytes.count < min(count, 100_000) {
        bytes += "[[\"KOR\",\"CHN\",\"X\",\"H6:\(row % 97)\",\"2023\"],\(row * 7919)],\n".utf8
        row += 1
    }
    while bytes.count < count { bytes += bytes }
    return Array(bytes.prefix(count))
}
