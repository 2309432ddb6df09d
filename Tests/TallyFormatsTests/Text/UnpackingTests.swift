import Foundation
import TallyZstd
import Testing

@testable import TallyFormats

struct UnpackingTests {
    private func unpacked(_ bytes: [UInt8], of size: Int) throws -> [UInt8] {
        let source = try Unpacking.source(try pieces(bytes, of: size)())
        var result: [UInt8] = []
        while true {
            let piece = try source()
            if piece.isEmpty { return result }
            result += piece
        }
    }

    /// `id,title\nx,t\n`, as gzip -n makes it.
    static let gzip = [UInt8](
        Data(base64Encoded: "H4sIAAAAAAAAA8tM0SnJLMlJ5arQKeECAOaTfWwNAAAA") ?? Data())
    static let text = Array("id,title\nx,t\n".utf8)

    @Test("gzip and zstd are unpacked, several members and frames too, however small the pieces")
    func unpacks() throws {
        let zstd = Zstd.compress(Self.text)
        for size in [1, 7, 1 << 20] {
            #expect(try unpacked(Self.text, of: size) == Self.text)
            #expect(try unpacked(Self.gzip, of: size) == Self.text)
            #expect(try unpacked(Self.gzip + Self.gzip, of: size) == Self.text + Self.text)
            // Tapes pad with zeros.
            #expect(try unpacked(Self.gzip + [0, 0, 0], of: size) == Self.text)
            #expect(try unpacked(zstd, of: size) == Self.text)
            #expect(try unpacked(zstd + zstd, of: size) == Self.text + Self.text)
        }
        #expect(try unpacked([], of: 1).isEmpty)
    }

    @Test("what fills whole pieces ends where it ends", arguments: [1, 2])
    func wholePieces(_ count: Int) throws {
        let text = [UInt8](repeating: 0x61, count: count * 256 * 1024)
        #expect(try unpacked(Zstd.compress(text), of: 1 << 20) == text)
        #expect(
            try unpacked(Zstd.compress(text) + Zstd.compress(Self.text), of: 100) == text
                + Self.text)
    }

    @Test("much that is packed small comes out in pieces")
    func large() throws {
        let text = [UInt8](repeating: 0x61, count: 3_000_000)
        let source = try Unpacking.source(try pieces(Zstd.compress(text), of: 1 << 20)())
        var (count, largest) = (0, 0)
        while case let piece = try source(), !piece.isEmpty {
            count += piece.count
            largest = max(largest, piece.count)
        }
        #expect(count == text.count)
        #expect(largest <= 256 * 1024)
    }

    @Test("a packed file that was cut or damaged says so")
    func damaged() {
        func message(_ bytes: [UInt8]) -> String? {
            #expect(throws: FormatError.self) { try unpacked(bytes, of: 5) }?.message
        }
        let zstd = Zstd.compress(Self.text)
        #expect(message(Self.gzip.dropLast(3)) == "the gzip file ends too early")
        #expect(message(zstd.dropLast(3)) == "the zstd file ends too early")
        var wrong = Self.gzip
        wrong[wrong.count - 5] ^= 0xff
        #expect(message(wrong) == "the gzip file is damaged")
        #expect(message(Self.gzip + Array("more".utf8)) == "the gzip file is damaged")
        #expect(message(Zstd.compress(Self.gzip)) == "the file is packed twice")
    }

    @Test("what stands before the damage is read, however small the pieces", arguments: 1...40)
    func beforeTheDamage(_ size: Int) throws {
        var second = Self.gzip
        second[second.count - 5] ^= 0xff
        let source = try Unpacking.source(try pieces(Self.gzip + second, of: size)())
        var found: [UInt8] = []
        let fault = #expect(throws: FormatError.self) {
            while case let piece = try source(), !piece.isEmpty { found += piece }
        }
        #expect(found == Self.text + Self.text)
        #expect(fault?.message == "the gzip file is damaged")
    }

    @Test("what is no text is refused with what to do")
    func others() {
        func message(_ bytes: [UInt8]) -> String? {
            #expect(throws: FormatError.self) { try unpacked(bytes, of: 1 << 20) }?.message
        }
        let zip: [UInt8] = [0x50, 0x4b, 3, 4] + [UInt8](repeating: 0, count: 26)
        #expect(
            message(zip + Array("[Content_Types].xml".utf8))
                == "the file is a workbook of Excel or LibreOffice")
        #expect(message(zip + Array("trade.csv".utf8)) == "the file is a zip archive")
        #expect(
            message([0xd0, 0xcf, 0x11, 0xe0, 0xa1])
                == "the file is a workbook of Excel or LibreOffice")
        #expect(message(Array("SQLite format 3\0".utf8)) == "the file is an SQLite database")
        #expect(message(Array("%PDF-1.7".utf8)) == "the file is a PDF")
    }
}
