import TallyCore
import TallyZstd

/// The lines of a bundle from its beginning, unpacked piece by piece.
final class BundleLines {
    private let file: BundleDescriptor
    private let stream = ZstdStream(windowLogMaximum: ZstdDecompressor.windowLogMaximum)
    private var offset = 0
    private var piece: ArraySlice<UInt8> = []
    /// The beginning of a line that goes on in the next piece.
    private var begun: [UInt8] = []

    init(_ file: BundleDescriptor) {
        self.file = file
    }

    /// - Returns: the next line without its end; nil at the end of the file.
    /// - Throws: `BundleFault`, and what reading throws.
    func next() throws -> [UInt8]? {
        while true {
            if let end = piece.firstIndex(of: UInt8(ascii: "\n")) {
                let line = begun + piece[..<end]
                begun = []
                piece = piece[(end + 1)...]
                guard line.count <= Changeset.maximumLineBytes else { throw Self.tooLong }
                return line
            }
            begun += piece
            piece = []
            guard begun.count <= Changeset.maximumLineBytes else { throw Self.tooLong }
            guard let more = try nextPiece() else {
                if !begun.isEmpty { throw BundleFault.cut }
                return nil
            }
            piece = more[...]
        }
    }

    private static let tooLong = BundleFault.damaged("a line is too long")

    private func nextPiece() throws -> [UInt8]? {
        do {
            while true {
                if let piece = try stream.next() { return piece }
                let bytes = try file.read(at: offset)
                offset += bytes.count
                if bytes.isEmpty {
                    try stream.finish()
                    return nil
                }
                stream.give(bytes)
            }
        } catch let error as ZstdError {
            if case .truncated = error { throw BundleFault.cut }
            throw BundleFault.damaged("\(error)")
        }
    }

    /// How many bytes of the file have been read.
    var bytesRead: Int { offset }
}
