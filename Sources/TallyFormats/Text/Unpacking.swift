import CZlib
import TallyZstd

/// Unpacks a gzip or zstd file piece by piece; any other file goes through as it is.
enum Unpacking {
    /// - Throws: `FormatError` for a file that is no text either way.
    static func source(_ packed: @escaping ByteSource) throws -> ByteSource {
        let source = PeekedSource(packed)
        switch FileSignature(source.peek(FileSignature.length)) {
        case nil: return source.next
        case .gzip: return try checked(GzipReader(source.next).next)
        case .zstd: return try checked(ZstdReader(source.next).next)
        case let other?:
            if let refusal = other.refusal { throw refusal }
            return source.next
        }
    }

    /// What comes out is no archive again.
    private static func checked(_ unpacked: @escaping ByteSource) throws -> ByteSource {
        let source = PeekedSource(unpacked)
        if let other = FileSignature(source.peek(FileSignature.length)) {
            throw other.refusal
                ?? FormatError("the file is packed twice", hint: "Unpack it once, and import that.")
        }
        return source.next
    }
}

/// Reads the members of a gzip file (RFC 1952), one after the other.
private final class GzipReader {
    private let source: ByteSource
    /// zlib keeps its address, so it must not move.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var input: [UInt8] = []
    private var position = 0
    /// Whether a member has begun and not ended.
    private var isInside = true
    private var isDamaged = false
    private static let pieceBytes = 256 * 1024

    init(_ source: @escaping ByteSource) {
        self.source = source
        stream.initialize(to: z_stream())
        let result = tally_gzip_init(stream)
        precondition(result == Z_OK, "zlib has no memory")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func next() throws -> [UInt8] {
        while true {
            if isDamaged {
                throw FormatError(
                    "the gzip file is damaged",
                    hint: "Check it with: gzip -t FILE. Get it once more.")
            }
            if position == input.count {
                (input, position) = (try source(), 0)
                if input.isEmpty {
                    if isInside { throw Self.cut }
                    return []
                }
            }
            if !isInside {
                // Padding of tapes is zeros.
                while position < input.count, input[position] == 0 { position += 1 }
                if position == input.count { continue }
                inflateReset(stream)
                isInside = true
            }
            let output = try inflated()
            if !output.isEmpty { return output }
        }
    }

    private func inflated() throws -> [UInt8] {
        var result = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.pointee.next_in = input.baseAddress.map { $0 + position }
                stream.pointee.avail_in = UInt32(input.count - position)
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(buffer.count)
                result = inflate(stream, Z_NO_FLUSH)
                position = input.count - Int(stream.pointee.avail_in)
                count = buffer.count - Int(stream.pointee.avail_out)
            }
        }
        switch result {
        case Z_STREAM_END: isInside = false
        case Z_OK, Z_BUF_ERROR: break
        // What stands before the damage is given first, however small the pieces.
        default: isDamaged = true
        }
        return output
    }

    private static let cut = FormatError(
        "the gzip file ends too early", hint: "It was cut; get it once more.")
}

/// Reads the frames of a zstd file (RFC 8878), one after the other.
private final class ZstdReader {
    private let source: ByteSource
    private let stream = ZstdStream()
    private var isAtEnd = false

    init(_ source: @escaping ByteSource) {
        self.source = source
    }

    func next() throws -> [UInt8] {
        do {
            while true {
                if let output = try stream.next() { return output }
                if isAtEnd {
                    try stream.finish()
                    return []
                }
                let input = try source()
                isAtEnd = input.isEmpty
                stream.give(input)
            }
        } catch let error as ZstdError {
            switch error {
            case .windowTooLarge:
                throw FormatError(
                    "the zstd file needs a window of more than 128 MiB",
                    hint: "Unpack it first: zstd -d --long=31 FILE")
            case .truncated:
                throw FormatError(
                    "the zstd file ends too early", hint: "It was cut; get it once more.")
            default:
                throw FormatError(
                    "the zstd file is damaged",
                    hint: "Check it with: zstd -t FILE. Get it once more.")
            }
        }
    }
}
