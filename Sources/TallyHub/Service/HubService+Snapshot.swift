import TallyCore
import TallyStore
import TallyWire

extension HubService {
    /// `GET …/NAME/snapshot`: a dataset file as of some heads, unchanging while its `ETag` is served.
    ///
    /// The heads may be some lines old: whoever takes it pulls what came since.
    func snapshot(of name: String, _ request: HubRequest) throws -> HubAnswer {
        let isPacked = ContentCoding.accepts("zstd", request.headers["accept-encoding"])
        let snapshot: HubSnapshot
        do {
            snapshot = try shelf(of: name)
                .snapshot(of: existing(name), isPacked: isPacked)
        } catch let error as StoreError where error.code == .waiting {
            var answer = HubAnswer(
                status: 404, title: "No snapshot",
                detail: "there is no snapshot of \(name) now: pull its changesets")
            answer.note = error.message
            return answer
        }
        guard let form = snapshot.form(isPacked: isPacked) else {
            preconditionFailure("a snapshot has the form that was asked for")
        }
        return answer(request, snapshot, form, isPacked: isPacked)
    }

    private func answer(
        _ request: HubRequest, _ snapshot: HubSnapshot, _ form: SnapshotForm, isPacked: Bool
    ) -> HubAnswer {
        let count = form.file.byteCount
        var headers: HubHeaders = [
            "content-type": "application/vnd.sqlite3", "etag": form.tag, "accept-ranges": "bytes",
            // What is packed on the way has other parts.
            "cache-control": "private, no-cache, no-transform", "vary": "accept-encoding",
            "tally-heads": EntityTag.hash(of: HubAnswer(json: snapshot.heads.json).body),
            "tally-cursor": snapshot.heads.cursor, "tally-epoch": snapshot.heads.epoch,
        ]
        if EntityTag.matches(form.tag, request.headers["if-none-match"]) {
            return HubAnswer(status: 304, headers: headers)
        }
        if isPacked { headers.add("content-encoding", "zstd") }
        // Compared strongly, and a date is no tag (RFC 9110, section 13.1.5).
        let isSame = request.headers["if-range"].map { $0 == form.tag } ?? true
        var answer: HubAnswer
        switch ByteRange(isSame ? request.headers["range"] : nil, of: count) {
        case .whole:
            answer = HubAnswer(status: 200, headers: headers)
            answer.file = FilePart(form.file, 0..<count)
        case .part(let range):
            headers.add(
                "content-range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(count)")
            answer = HubAnswer(status: 206, headers: headers)
            answer.file = FilePart(form.file, range)
        case .unsatisfiable:
            answer = HubAnswer(
                status: 416, title: "Range not satisfiable",
                detail: "the snapshot has \(count) bytes")
            answer.headers.add("content-range", "bytes */\(count)")
        }
        return answer
    }
}
