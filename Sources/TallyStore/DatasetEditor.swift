import GRDB
import TallyCore
import TallyWire

/// What a changeset says of itself beside its edits.
public struct Authoring: Sendable {
    public var message: String?
    /// Written by an import: a later import may replace it.
    public var isImport: Bool

    public init(message: String? = nil, isImport: Bool = false) {
        self.message = message
        self.isImport = isImport
    }
}

/// What a writing transaction has written.
public struct Written: Sendable, Equatable {
    /// In order; empty when there was nothing to write.
    public var revisions: [Revision] = []
    /// One line for the user, when the file goes on as a new replica.
    public var notice: String?

    public init() {}
}

/// Writes changesets inside one transaction: collects edits, and signs, logs and applies them as they fill a line.
///
/// Not Sendable: it lives inside one access to the database.
public final class DatasetEditor {
    private let access: DatasetAccess
    let workplace: Workplace
    private var authoring: Authoring
    /// What has not filled a line, by whether a later import may replace it: a changeset says so of all that it holds.
    private var pending: [Bool: PendingEdits] = [:]
    private var pen: Pen?
    private var written = Written()
    private var groupID: String?
    /// A full line that waits for the next one, to know whether it is the last.
    private var held: Line?
    private var press: LinePress?
    /// What the changesets to come have seen at most; nil for everything here.
    private var horizon: RevisionVector?
    /// The first position of the log that is of this transaction.
    private let firstPosition: Int

    private struct Line {
        var pending: PendingEdits
        let isImport: Bool
        let horizon: RevisionVector?
    }

    init(_ access: DatasetAccess, workplace: Workplace, authoring: Authoring) throws {
        self.access = access
        self.workplace = workplace
        self.authoring = authoring
        firstPosition = try access.log.lastPosition() + 1
        try checkLine(workplace.author, "author")
        try checkLine(workplace.machine, "machine")
        try check(message: authoring.message)
    }

    // What a reader would refuse must not be written: nobody could take this replica's lines any more.
    private func checkLine(_ text: String, _ name: String) throws(StoreError) {
        guard Shape.isLine(text, maximumBytes: 256) else {
            throw StoreError(
                .badInput,
                "\(name) \(JSONString.quoted(String(text.prefix(60)))) is empty, longer than 256 "
                    + "bytes, or has control characters",
                hint: "Set another one with: tally config \(name) NAME")
        }
    }

    private func check(message: String?) throws(StoreError) {
        guard Shape.isText(message ?? "", maximumBytes: FieldType.maximumTextBytes) else {
            throw StoreError(
                .badInput, "The message is longer than 64 KiB or has control characters",
                hint: "Give a shorter one.")
        }
    }

    private func check(_ edits: [RecordEdit], of address: RecordAddress) throws(StoreError) {
        guard edits.count > FieldType.maximumElements else { return }
        var (added, removed): ([String: Int], [String: Int]) = ([:], [:])
        for edit in edits {
            switch edit {
            case .add(let element): added[element.field, default: 0] += 1
            case .remove(let element): removed[element.field, default: 0] += 1
            default: break
            }
        }
        for (field, count) in [added, removed].joined() where count > FieldType.maximumElements {
            throw StoreError(
                .badInput, "\(count) elements of \(field) of \(address) are changed at once",
                hint:
                    "A step takes \(FieldType.maximumElements): where the record holds more, or held more when it was deleted, "
                    + "take some out first (tally restore RECORD, tally set RECORD \(field)-=ELEMENT)"
            )
        }
    }

    /// Why: what the changesets say of themselves.
    ///
    /// - Precondition: set before the first line is full.
    public var message: String? {
        get { authoring.message }
        set { authoring.message = newValue }
    }

    /// The dataset as this transaction sees it; its own edits need not show before it ends.
    public var reading: DatasetAccess { access }

    /// To be asked while much is read that may change nothing.
    public func checkInterruption() throws(StoreError) { try workplace.checkInterruption() }

    /// Whether this transaction has edited the record already.
    public func hasEdited(_ address: RecordAddress) throws -> Bool {
        for isImport in pending.keys where pending[isImport]?.contains(address) == true {
            return true
        }
        if held?.pending.contains(address) == true { return true }
        try appendMade(leaving: 0)
        guard !written.revisions.isEmpty else { return false }
        try access.settle()
        return try access.positions(of: address).last.map { $0 >= firstPosition } ?? false
    }

    /// Adds what is to happen to one record; all of it goes into one changeset.
    ///
    /// - Parameter isImport: whether a later import may replace it; as of the whole unless given. Where both are given, there
    ///   are changesets of both sorts, in one group.
    /// - Precondition: the record has not been edited in this transaction in the same fields.
    public func edit(
        _ address: RecordAddress, _ edits: [RecordEdit], isImport: Bool? = nil
    ) throws {
        guard !edits.isEmpty else { return }
        try workplace.checkInterruption()
        try check(edits, of: address)
        let byteCount = PendingEdits.byteCount(of: edits, to: address)
        try edit(address, byteCount: byteCount, isImport: isImport ?? authoring.isImport) {
            $0.insert(edits, to: address, kind: access.kinds[address.kind])
        }
    }

    /// Adds a record of which nothing is known.
    ///
    /// - Precondition: as of ``edit(_:_:isImport:)``; the record is not there and never was.
    public func add(_ record: NewRecord) throws {
        guard let kind = access.kinds[record.address.kind] else {
            preconditionFailure("a new record is of a kind of the dataset")
        }
        let byteCount = PendingEdits.byteCount(of: record)
        try edit(record.address, byteCount: byteCount, isImport: authoring.isImport) {
            $0.insert(record, kind: kind)
        }
    }

    private func edit(
        _ address: RecordAddress, byteCount: Int, isImport: Bool,
        _ insert: (inout PendingEdits) -> Void
    ) throws {
        guard byteCount <= Self.maximumRecordBytes else {
            throw StoreError(
                .badInput,
                "The edits of \(address) take about \(byteCount) bytes; a changeset holds at most "
                    + "\(Changeset.maximumLineBytes)", hint: "Enter it in several steps.")
        }
        // So that no line is ever too long to be taken.
        if let own = pending[isImport], !own.isEmpty,
            own.byteCount + byteCount > Self.maximumRecordBytes
        {
            try flush(isImport: isImport, isLast: false)
        }
        insert(&pending[isImport, default: PendingEdits()])
        if let own = pending[isImport],
            own.rowCount >= Self.rowsPerLine || own.byteCount >= Self.bytesPerLine
        {
            try flush(isImport: isImport, isLast: false)
        }
    }

    // A record's own edits stay together, so a line ends well before the bounds.
    private static let rowsPerLine = Changeset.maximumRows - 200
    private static let bytesPerLine = Changeset.maximumLineBytes * 3 / 4
    // The line has more than its edits: what has been seen, the message.
    private static let maximumRecordBytes = Changeset.maximumLineBytes - 256 * 1024

    /// Writes what `body` edits as somebody who had seen `horizon` and nothing that came since: as a copy of then would have
    /// (DESIGN.md section 4). What is edited after it has seen everything again.
    ///
    /// The replica of the file writes it where it has itself seen no more; else one of its own that has not, or a new one, and
    /// the file goes on as that: so the whole transaction is one deed of one replica.
    ///
    /// - Precondition: nothing has been edited yet; `horizon` is what some copy had integrated, all of it here.
    public func editing(asOf horizon: RevisionVector, _ body: () throws -> Void) throws {
        precondition(
            pending.values.allSatisfy(\.isEmpty) && held == nil && written.revisions.isEmpty,
            "what has seen less is written first")
        self.horizon = horizon
        try body()
        for isImport in [true, false] where pending[isImport]?.isEmpty == false {
            try flush(isImport: isImport, isLast: false)
        }
        self.horizon = nil
    }

    /// Writes what is left, and the identity's new state.
    func finish() throws -> Written {
        try check(message: authoring.message)
        let waiting = [true, false].filter { pending[$0]?.isEmpty == false }
        for isImport in waiting {
            try flush(isImport: isImport, isLast: isImport == waiting.last)
        }
        if let held { try write(held, isLast: true) }
        held = nil
        try appendMade(leaving: 0)
        try access.settle()
        if var pen, let last = written.revisions.last,
            let head = access.replicas.rows[last.replica]?.head
        {
            try access.setMeta("replica", last.replica.text)
            try access.sampleKeys()
            // A disk that is full shows here, while the identity still stands where the file does, and not in the commit.
            try access.writeAhead()
            try pen.putDown(at: head)
            written.notice = pen.notice
        }
        return written
    }

    /// To be called when the transaction has ended, however it did.
    func release() {
        pen?.release()
        pen = nil
    }

    private func flush(isImport: Bool, isLast: Bool) throws {
        guard let full = pending[isImport] else { return }
        pending[isImport] = nil
        let line = Line(pending: full, isImport: isImport, horizon: horizon)
        if let held { try write(held, isLast: false) }
        held = line
        if isLast {
            try write(line, isLast: true)
            held = nil
        }
    }

    private func write(_ line: Line, isLast: Bool) throws {
        let pen = try self.pen ?? Pen.take(for: access, at: workplace, within: line.horizon)
        self.pen = pen
        if groupID == nil, !isLast { groupID = UUIDText.random(workplace.randomBytes(16)) }
        let press =
            self.press
            ?? LinePress(
                key: pen.key, after: access.replicas.rows[pen.replica], kinds: access.kinds)
        self.press = press
        let time = access.nextTime(
            clock: workplace.clock(), own: pen.replica, ownLast: press.latestAt)
        guard Timestamp.textual.contains(time) else {
            throw StoreError(
                .badInput, "The clock of this machine is not within the years 0 to 9999",
                hint: "Set it; nothing was written.")
        }
        let news = try access.news(for: pen.replica, within: line.horizon)
        let changeset = Changeset(
            dataset: access.dataset, revision: Revision(pen.replica, press.seq + 1),
            previous: nil, seen: news.filter { !press.seen.contains($0.revision) }, at: time,
            author: workplace.author, machine: workplace.machine, message: authoring.message,
            group: groupID.map {
                Changeset.Group(id: $0, part: written.revisions.count + 1, isLast: isLast)
            },
            isImport: line.isImport, edits: [])
        press.order(LinePress.Draft(pending: line.pending, changeset: changeset))
        written.revisions.append(changeset.revision)
        try appendMade(leaving: isLast ? 0 : 1)
    }

    /// Appends the lines that are made to the log.
    ///
    /// - Parameter count: how many are left to be made meanwhile.
    private func appendMade(leaving count: Int) throws {
        guard let press, let pen else { return }
        while press.waitingCount > count, let line = try press.next() {
            try access.append(
                line.changeset, line: line.signed, key: pen.key.publicKey, member: nil,
                packed: line.packed, records: line.records)
        }
    }
}

extension Workplace {
    public func checkInterruption() throws(StoreError) {
        if isInterrupted() { throw StoreError.interrupted }
    }
}
