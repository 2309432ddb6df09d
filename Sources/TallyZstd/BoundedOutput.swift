import CZstd

/// A buffer that grows as it is filled, up to one byte past its limit.
struct BoundedOutput: ~Copyable {
    private static let firstBytes = 64 * 1024
    /// How many times its packed size a frame may claim before the claim no longer sizes a buffer.
    private static let believedRatio: UInt64 = 1024

    let limit: Int
    private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var filled = 0

    init(limit: Int) {
        precondition(limit >= 0 && limit < .max, "limit \(limit) is out of range")
        self.limit = limit
    }

    deinit {
        buffer.deallocate()
    }

    var isFull: Bool { filled == buffer.count }

    /// What was written so far.
    var bytes: [UInt8] { [UInt8](UnsafeRawBufferPointer(rebasing: buffer[..<filled])) }

    /// Prepares for a frame that claims to hold `size` bytes and is one of `inputBytes` or fewer.
    ///
    /// Room for the whole frame lets zstd write straight into it, without a window of its own.
    mutating func expect(_ size: UInt64?, inputBytes: Int) throws(ZstdError) {
        guard let size else { return }
        guard size <= UInt64(limit - filled) else { throw .tooLarge(limit: limit) }
        guard size / BoundedOutput.believedRatio <= UInt64(inputBytes) else { return }
        if buffer.count - filled < Int(size) { grow(to: filled + Int(size)) }
    }

    /// Lets zstd write into what is free, which may be nothing.
    mutating func fill(_ write: (inout ZSTD_outBuffer) -> Int) -> Int {
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: filled)
        defer { filled = output.pos }
        return write(&output)
    }

    func checkLimit() throws(ZstdError) {
        guard filled <= limit else { throw .tooLarge(limit: limit) }
    }

    /// Makes room for more; the limit was checked, so there is at least the byte that passes it.
    mutating func makeRoom() {
        grow(to: min(limit + 1, max(BoundedOutput.firstBytes, buffer.count * 2)))
    }

    private mutating func grow(to count: Int) {
        // Memory that is not written to is not taken from the system, so it is not zeroed either.
        let longer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        longer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
        buffer.deallocate()
        buffer = longer
    }
}
