import TallyCore
import TallyStore
import TallyWire
import TallyZstd

extension HubService {
    /// The most bytes of lines in one answer, unless one line has more.
    static let maximumAnswerBytes = 4 * 1024 * 1024

    /// `GET …/NAME/changesets`: the lines after a cursor as the bytes that came, in the order in which they came.
    ///
    /// A position is given in the transaction that appends the line, and SQLite has one writer at a time: whoever sees a
    /// position sees every one before it. So a cursor never passes over a line that commits later.
    func changesets(
        of name: String, _ query: ChangesetsQuery, member: MemberStore.Member, mayWait: Bool,
        takesPacked: Bool
    ) throws -> Reply {
        let dataset = try existing(name)
        // Before the read: a commit after it moves the generation on, and the wait then ends at once.
        let generation = waits.generation(of: name)
        let page = try dataset.reader.read { access in
            let position = try Self.position(of: query.after, in: access)
            return try access.packedLines(
                after: position, maximumCount: query.limit, maximumBytes: Self.maximumAnswerBytes)
        }
        if page.lines.isEmpty, mayWait, query.waitSeconds > 0 {
            return .wait(
                HubWait(
                    dataset: name, member: member.name, generation: generation,
                    seconds: query.waitSeconds))
        }
        var headers: HubHeaders = [
            "content-type": "application/x-ndjson", "tally-cursor": page.cursor.text,
            "tally-more": page.isMore ? "true" : "false", "tally-epoch": page.cursor.epoch,
            "cache-control": "no-store",
        ]
        let isPacked = takesPacked && Self.travelsAsStored(page.lines)
        if isPacked {
            headers.add("content-encoding", "zstd")
            headers.add("vary", "accept-encoding")
        }
        let lineEnd = isPacked ? Self.packedLineEnd : [UInt8(ascii: "\n")]
        var body: [UInt8] = []
        for line in page.lines {
            body += isPacked ? line.packed : try line.unpacked()
            body += lineEnd
        }
        return .answer(HubAnswer(status: 200, headers: headers, body: body))
    }

    private static let packedLineEnd = Zstd.compress([UInt8(ascii: "\n")])

    /// Whether lines are sent in the frames in which they are stored: short ones are smaller in one frame together.
    private static func travelsAsStored(_ lines: [PackedLine]) -> Bool {
        let count = lines.reduce(0) { $0 + $1.byteCount }
        return count > ContentCoding.shortestPackedBytes
            && (lines.count == 1 || count > lines.count * 32 * 1024)
    }

    private static func position(of cursor: LogCursor?, in access: DatasetAccess) throws -> Int {
        guard let cursor else { return 0 }
        guard let position = try access.position(of: cursor) else {
            throw Problem(
                .cursorGone,
                "the cursor \(shown(cursor.text)) is not of this log as it is now: begin anew "
                    + "without one")
        }
        return position
    }

    /// `POST …/NAME/changesets`: all lines in one transaction that is on the disk when this returns, or none.
    func push(
        _ lines: [[UInt8]], bytes: Int, to name: String, member: MemberStore.Member
    ) throws -> HubAnswer {
        let dataset = try existing(name)
        var heads: [ReplicaID: Head] = [:]
        var cursor = ""
        let taken: Dataset.Taken
        do {
            taken = try dataset.writer.take(
                lines, member: member.name, after: .setBack, durable: true
            ) { access in
                heads = access.heads
                cursor = try access.cursor().text
            }
        } catch let fault as LineFault {
            throw Problem(fault, in: lines)
        }
        for captured in dataset.writer.takeCaptured() {
            metrics.countSetBack(captured.refusedCount)
        }
        if !taken.accepted.isEmpty { waits.wake(name) }
        metrics.countPush(
            accepted: taken.accepted.count, duplicates: taken.duplicates, bytes: bytes)
        let changed = Set(taken.accepted.map(\.replica))
        return HubAnswer(
            json: PushAnswer(
                accepted: taken.accepted.count, duplicates: taken.duplicates, cursor: cursor,
                heads: heads.filter { changed.contains($0.key) }
            ).json)
    }
}

extension Problem {
    /// A line's fault; a gap names the replica too, so that one knows whose seq is expected.
    init(_ fault: LineFault, in lines: [[UInt8]]) {
        var replica: ReplicaID?
        if fault.expectedSeq != nil, let number = fault.line {
            replica = try? ChangesetLine(lines[number - 1]).replica()
        }
        self.init(
            fault.word, fault.reason, line: fault.line, replica: replica,
            expectedSeq: fault.expectedSeq)
    }
}
