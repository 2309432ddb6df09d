import Testing

@testable import TallySync

/// Reading an answer, without a connection.
@Suite struct ResponseReaderTests {
    @Test("a head is its fields, trimmed, in order")
    func head() {
        let reading = Reading()
        reading.take(
            lines: "HTTP/1.1 200 OK\r\n", "B:  two \t\r\n", "a: 1\r\n", "no colon\r\n", "c:\r\n",
            "d: x:y\n", "\r\n")
        #expect(reading.headers == ["B: two", "a: 1", "c: ", "d: x:y"])
    }

    @Test("only the last head counts, and no trailer")
    func heads() {
        let reading = Reading()
        reading.take(
            lines: "HTTP/1.1 103 Early Hints\r\n", "early: 1\r\n", "\r\n",
            "HTTP/1.1 200 OK\r\n", "late: 2\r\n", "\r\n", "trailer: 3\r\n")
        #expect(reading.headers == ["late: 2"])
        #expect(reading.take([1, 2, 3]))
        reading.take(lines: "HTTP/1.1 500 X\r\n", "trailer: 3\r\n")
        #expect(reading.headers == ["late: 2"])
        #expect(reading.reader.body == [1, 2, 3])
    }

    @Test("a folded line is one value")
    func folding() {
        let reading = Reading()
        reading.take(
            lines: "HTTP/1.1 200 OK\r\n", " lost\r\n", "a: 1\r\n", "  2\r\n", "\t3\r\n", "b: 4\r\n")
        #expect(reading.headers == ["a: 1 2 3", "b: 4"])
    }

    @Test("bytes that are not UTF-8 do not stop it")
    func notUTF8() {
        let reading = Reading()
        reading.take(lines: "HTTP/1.1 200 OK\r\n")
        #expect(reading.take(line: [0x61, 0x3A, 0xFF, 0x0D, 0x0A]))
        #expect(reading.take(line: []))
        #expect(reading.headers == ["a: \u{FFFD}"])
    }

    @Test("headers of all heads together are bounded")
    func headerBound() {
        let reading = Reading()
        let line = Array("x: \(String(repeating: "y", count: 995))\r\n".utf8)
        #expect(line.count == 1000)
        for _ in 0..<65 { #expect(reading.take(line: line)) }
        #expect(reading.reader.refusal == nil)
        #expect(!reading.take(line: line))
        #expect(reading.reader.refusal == .headersTooLarge)
    }

    @Test("a body is bounded to the byte")
    func bodyBound() {
        let reading = Reading(limit: 5)
        #expect(reading.take([1, 2, 3]))
        #expect(reading.take([4, 5]))
        #expect(reading.reader.refusal == nil)
        #expect(!reading.take([6]))
        #expect(reading.reader.refusal == .bodyTooLarge)
        #expect(reading.reader.body == [1, 2, 3, 4, 5])
    }
}

/// A reader that expectations may call: they take no mutating ones.
private final class Reading {
    private(set) var reader: ResponseReader

    init(limit: Int = 100) { reader = ResponseReader(maximumBodyBytes: limit) }

    var headers: [String] { reader.headers.map(\.description) }

    func take(lines: String...) {
        for line in lines { #expect(take(line: Array(line.utf8))) }
    }

    func take(line: [UInt8]) -> Bool { reader.take(headerLine: line) }

    func take(_ body: [UInt8]) -> Bool { body.withUnsafeBytes { reader.take(body: $0) } }
}
