import TallyCore
import TallySync
import TallyWire

// Whether what the hub says is so: each of its answers against its log, read from its file (DESIGN.md section 8).
extension World {
    /// - Parameter before: the hub's log when the request came.
    func judge(_ answer: HTTPResponse, to request: WorldRequest, _ before: [ChangesetLine]) {
        do {
            try require(
                answer.status < 500, request.method,
                "nothing fails, and it answered \(answer.status)")
            switch (request.method, request.isAboutChangesets) {
            case ("GET", true): try judgePull(answer, to: request, before)
            case ("GET", false) where request.isAboutSnapshot: try judgeSnapshot(answer, before)
            case ("POST", true): try judgePush(answer, to: request, before, hubsLog() ?? [])
            case ("PUT", _):
                try require(
                    hubsLog()?.map(\.hash) == before.map(\.hash), "PUT", "it changed the log")
            case ("GET", false) where request.target.hasSuffix("/\(WorldHub.name)"):
                try judgeHeads(answer, before)
            default: return
            }
            counts.count("answers of the hub judged")
        } catch let violation as Violation {
            fail(violation.law, violation.text)
        } catch {
            fail("the hub's word", "\(error)")
        }
    }

    private func require(_ condition: Bool, _ law: String, _ text: String) throws {
        if !condition { throw Violation("the hub's word", "\(law): \(text)") }
    }

    /// The lines behind a cursor of this log, as many as were asked for at most and one at least where there is one; with
    /// a cursor behind the last of them, and whether there are more.
    private func judgePull(
        _ answer: HTTPResponse, to request: WorldRequest, _ log: [ChangesetLine]
    ) throws {
        guard [200, 410].contains(answer.status) else { return }
        let epoch = try answer.headers["Tally-Epoch"] ?? hub.epoch()
        var position = 0
        if let after = request.query["after"] {
            let parts = after.split(separator: ".", omittingEmptySubsequences: false)
            position = parts.count == 3 ? Int(parts[1]) ?? -1 : -1
            let isOfLog =
                (0...log.count).contains(position) && parts[0] == epoch
                && parts[2] == Self.mark(position, log)
            try require(
                isOfLog == (answer.status == 200), "410",
                "\(after) is \(isOfLog ? "a" : "no") cursor of its log, and it answered \(answer.status)"
            )
        }
        guard answer.status == 200 else { return }
        let lines = answer.body.split(separator: 0x0a).map(Array.init)
        let rest = log.dropFirst(position)
        let limit = request.query["limit"].flatMap { Int($0) } ?? .max
        try require(
            lines == rest.prefix(lines.count).map(\.bytes) && lines.count <= limit
                && (!lines.isEmpty || rest.isEmpty),
            "changesets", "\(lines.count) lines after \(position) are not those of its log")
        let end = position + lines.count
        try require(
            answer.headers["Tally-Cursor"] == Self.cursor(epoch, behind: end, log)
                && answer.headers["Tally-More"] == (end < log.count ? "true" : "false"),
            "changesets",
            "after line \(end) of \(log.count) it says \(answer.headers["Tally-Cursor"] ?? "-"), more: \(answer.headers["Tally-More"] ?? "-")"
        )
    }

    /// The last line of each replica, and a cursor behind all.
    private func judgeHeads(_ answer: HTTPResponse, _ log: [ChangesetLine]) throws {
        guard answer.status == 200 else { return }
        let json = try JSONValue(parsing: answer.body)
        try require(
            json["dataset"]?.text == JSONString.quoted(datasetID.text)
                && json["heads"] == Self.heads(log)
                && json["cursor"]?.text
                    == JSONString.quoted(Self.cursor(hub.epoch(), behind: log.count, log)),
            "heads", "of \(log.count) lines it says \(json.text)")
    }

    /// The last line of each replica among some.
    private static func heads(_ lines: some Sequence<ChangesetLine>) throws -> JSONValue {
        var last: [String: ChangesetLine] = [:]
        for line in lines { last[try line.replica().text] = line }
        return .object(
            try last.sorted { $0.key < $1.key }.map { replica, line in
                JSONValue.Member(
                    replica,
                    .object([
                        .init("seq", .number(Double(try line.seq()))),
                        .init("hash", .string(line.hash.text)),
                    ]))
            })
    }

    private static func cursor(
        _ epoch: String, behind position: Int, _ log: [ChangesetLine]
    ) -> String {
        "\(epoch).\(position).\(mark(position, log))"
    }

    /// Of some line of its log.
    private func judgeSnapshot(_ answer: HTTPResponse, _ log: [ChangesetLine]) throws {
        guard [200, 206].contains(answer.status) else { return }
        let cursor = answer.headers["Tally-Cursor"] ?? ""
        let parts = cursor.split(separator: ".")
        let position = parts.count == 3 ? Int(parts[1]) ?? -1 : -1
        let isOfLog =
            (0...log.count).contains(position) && parts[0] == answer.headers["Tally-Epoch"] ?? "-"
            && parts[2] == Self.mark(position, log)
        try require(isOfLog, "snapshot", "\(cursor) is no cursor of its log")
        try require(answer.headers["ETag"] != nil, "snapshot", "it has no tag")
        try require(!answer.body.isEmpty, "snapshot", "it is empty")
    }

    /// What a cursor says of the line before it.
    private static func mark(_ position: Int, _ log: [ChangesetLine]) -> String {
        position == 0 ? "0" : String(log[position - 1].hash.text.prefix(16))
    }

    /// All of a request or nothing; and what is there already is a duplicate, whoever brings it.
    private func judgePush(
        _ answer: HTTPResponse, to request: WorldRequest, _ before: [ChangesetLine],
        _ after: [ChangesetLine]
    ) throws {
        let (held, now) = (before.map(\.hash), after.map(\.hash))
        let lines = request.body.split(separator: 0x0a).map { try? ChangesetLine(Array($0)) }
        guard answer.status == 200 else {
            try require(now == held, "POST", "it answered \(answer.status), and took something")
            // By its bytes: a signature that has changed on the way is not in the hash.
            let known = Set(before.map(\.bytes))
            let isKnown = lines.allSatisfy { $0.map { known.contains($0.bytes) } ?? false }
            try require(
                !isKnown || ![409, 422].contains(answer.status), "POST",
                "it has all of it already, and answered \(answer.status)")
            return
        }
        let known = Set(held)
        let new = lines.compactMap { $0?.hash }.filter { !known.contains($0) }
        try require(
            now == held + new, "POST",
            "of \(lines.count) lines, \(new.count) of them new, it took \(now.count - held.count)")
        guard let json = try? JSONValue(parsing: answer.body) else { return }
        try require(
            json["accepted"]?.count == new.count
                && json["duplicates"]?.count == lines.count - new.count,
            "POST", "it says \(json.text)")
        let cursor = try Self.cursor(hub.epoch(), behind: after.count, after)
        try require(
            json["heads"] == Self.heads(after.dropFirst(before.count))
                && json["cursor"]?.text == JSONString.quoted(cursor),
            "POST", "of \(after.count) lines it says \(json.text)")
    }
}

extension WorldRequest {
    var isAboutChangesets: Bool { target.prefix { $0 != "?" }.hasSuffix("/changesets") }

    var isAboutSnapshot: Bool { target.hasSuffix("/snapshot") }

    /// Cursors and limits need no %-encoding.
    var query: [String: String] {
        var query: [String: String] = [:]
        for part in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            if pair.count == 2 { query[pair[0]] = pair[1] }
        }
        return query
    }
}
