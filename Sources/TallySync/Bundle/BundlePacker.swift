import TallyStore
import TallyZstd

/// Packs lines into a row of zstd frames of about 1 MiB of text each, which a reader needs no more memory for.
struct BundlePacker {
    private let file: PartFile
    private let compressor = ZstdCompressor(level: Self.level)
    private var text: [UInt8] = []
    private(set) var byteCount = 0

    /// A bundle is packed once and carried by people, as an attachment perhaps: smaller is worth more than sooner.
    private static let level: Int32 = 9
    private static let frameBytes = 1 << 20

    init(into file: PartFile) {
        self.file = file
    }

    mutating func add(_ line: [UInt8]) throws {
        text += line
        text.append(UInt8(ascii: "\n"))
        if text.count >= Self.frameBytes { try finish() }
    }

    /// Writes what is left.
    mutating func finish() throws {
        guard !text.isEmpty else { return }
        let frame = compressor.compress(text)
        try file.append(frame)
        byteCount += frame.count
        text.removeAll(keepingCapacity: true)
    }
}
