import Testing

@testable import TallySync

/// What is asked for next, and what is made of the answers.
struct SnapshotDownloadTests {
    private func answer(
        _ body: [UInt8], _ range: String?, tag: String? = "\"t\"", coding: String? = nil
    ) -> HTTPResponse {
        let headers = [("ETag", tag), ("Content-Range", range), ("Content-Encoding", coding)]
        return HTTPResponse(
            status: 206,
            headers: headers.compactMap { name, value in value.map { HTTPHeader(name, $0) } },
            body: body)
    }

    private func piece(
        _ body: [UInt8], at start: Int, of total: Int, tag: String = "\"t\""
    ) throws -> SnapshotPiece {
        try #require(
            SnapshotPiece(
                answer(body, "bytes \(start)-\(start + body.count - 1)/\(total)", tag: tag)))
    }

    @Test("a part says where it begins, of how many bytes it is one, and of which")
    func parts() throws {
        let piece = try #require(SnapshotPiece(answer([1, 2], "bytes 5-6/9", coding: "zstd")))
        #expect((piece.bytes, piece.start, piece.total) == ([1, 2], 5, 9))
        #expect(piece.tag == "\"t\"" && piece.isPacked)
        #expect(SnapshotPiece(answer([1], "bytes 0-0/1"))?.isPacked == false)
    }

    @Test(
        "what does not add up is no part",
        arguments: [
            "bytes 5-7/9", "bytes 5-5/9", "bytes 8-9/9", "bytes 6-5/9", "bytes 5-6/*", "bytes */9",
            "lines 5-6/9", "bytes 5-6", "5-6/9", "bytes -5-6/9", "bytes 5-6/99999999999999999999",
            "",
        ])
    func noParts(_ range: String) {
        #expect(SnapshotPiece(answer([1, 2], range)) == nil)
    }

    @Test("a part without a strong tag, or in a form that nobody asked for, is none")
    func strange() {
        #expect(SnapshotPiece(answer([1], "bytes 0-0/1", tag: nil)) == nil)
        #expect(SnapshotPiece(answer([1], "bytes 0-0/1", tag: "W/\"t\"")) == nil)
        #expect(SnapshotPiece(answer([1], "bytes 0-0/1", coding: "gzip")) == nil)
        #expect(SnapshotPiece(answer([1], nil)) == nil)
    }

    @Test("part after part is asked for, of what was begun and in its form")
    func download() throws {
        var download = SnapshotDownload(pieceBytes: 3)
        #expect(download.headers == [HTTPHeader("Range", "bytes=0-2")])
        #expect(
            try download.received(piece([1, 2, 3], at: 0, of: 5))
                == .take([1, 2, 3], isPacked: false))
        #expect(!download.isDone)
        #expect(
            download.headers == [
                HTTPHeader("Range", "bytes=3-5"), HTTPHeader("If-Range", "\"t\""),
                HTTPHeader("Accept-Encoding", "identity"),
            ])
        #expect(
            try download.received(piece([4, 5], at: 3, of: 5)) == .take([4, 5], isPacked: false))
        #expect(download.isDone)
    }

    @Test("where there is another one by now, it begins anew, a few times")
    func changed() throws {
        var download = SnapshotDownload(pieceBytes: 3)
        for _ in 0..<2 {
            _ = try download.received(piece([1, 2, 3], at: 0, of: 5))
            #expect(download.changed() == .beginAnew)
            #expect(download.headers == [HTTPHeader("Range", "bytes=0-2")])
        }
        _ = try download.received(piece([1, 2, 3], at: 0, of: 5))
        #expect(
            try download.received(piece([1, 2, 3], at: 3, of: 6, tag: "\"u\""))
                == .giveUp("the hub makes a new one again and again"))
    }

    @Test("another part than was asked for, or all at once, is not taken")
    func wrong() throws {
        let reason = "the hub sent another part of it than it was asked for"
        var download = SnapshotDownload(pieceBytes: 3)
        #expect(try download.received(piece([1, 2, 3], at: 1, of: 5)) == .giveUp(reason))
        // By single bytes it would go on for ever.
        #expect(try download.received(piece([1], at: 0, of: 5)) == .giveUp(reason))
        #expect(try download.received(piece([1, 2, 3, 4], at: 0, of: 5)) == .giveUp(reason))
        #expect(download.changed() == .giveUp("the hub does not send it in parts"))
    }
}
