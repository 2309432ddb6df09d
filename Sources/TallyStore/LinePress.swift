import Dispatch
import TallyCore
import TallyWire

/// Makes the lines of one writing transaction, one after the other: edits sorted, checked, encoded, signed and packed.
///
/// Where there are several it does so on a thread of its own, while the transaction reads on and writes those that are made.
final class LinePress {
    /// What a line is to say.
    struct Draft: Sendable {
        var pending: PendingEdits
        /// The changeset without its edits and the hash of the one before it.
        let changeset: Changeset
    }

    struct Line: Sendable {
        let changeset: Changeset
        let signed: ChangesetWriter.Signed
        /// The signed line as the log keeps it.
        let packed: [UInt8]
        /// The edits by record.
        let records: EditedRecords
    }

    private let key: ReplicaKey
    private let kinds: KindCatalog
    private let queue = DispatchQueue(label: "tally.lines")
    private var waiting: [Background<Line>] = []
    private var previous: Background<Line>?
    private let head: Head?
    /// The seq of the last line that was ordered.
    private(set) var seq: Int
    private(set) var latestAt: Timestamp?
    /// What the lines that were ordered name as seen.
    private(set) var seen = RevisionVector()

    init(key: ReplicaKey, after row: ReplicaRow?, kinds: KindCatalog) {
        self.key = key
        self.kinds = kinds
        head = row?.head
        seq = row?.head.seq ?? 0
        latestAt = row?.latestAt
    }

    var waitingCount: Int { waiting.count }

    func order(_ draft: Draft) {
        seq = draft.changeset.revision.seq
        latestAt = draft.changeset.at
        for name in draft.changeset.seen { seen.insert(name.revision) }
        let line = Background(on: queue) { [key, kinds, head, previous] in
            let hash = try previous?.result().signed.hash ?? head?.hash
            return try Self.make(draft, after: hash, key: key, kinds: kinds)
        }
        previous = line
        waiting.append(line)
    }

    /// The next of the lines that were ordered, waited for; nil where there is none.
    ///
    /// - Throws: `StoreError` for edits that no reader would take.
    func next() throws -> Line? { try waiting.isEmpty ? nil : waiting.removeFirst().result() }

    private static func make(
        _ draft: Draft, after previous: ChangesetHash?, key: ReplicaKey, kinds: KindCatalog
    ) throws -> Line {
        var pending = draft.pending
        let records = pending.take()
        try check(records, kinds: kinds)
        var changeset = draft.changeset
        changeset.previous = previous
        changeset.edits = records.edits
        let signed = ChangesetWriter(key: key).line(changeset)
        guard signed.bytes.count <= Changeset.maximumLineBytes else {
            throw StoreError(
                .badInput,
                "One record's edits take \(signed.bytes.count) bytes; a changeset holds at most "
                    + "\(Changeset.maximumLineBytes)", hint: "Enter it in several steps.")
        }
        return Line(
            changeset: changeset, signed: signed, packed: PackedLine.pack(signed.bytes),
            records: records)
    }

    // What a reader would refuse must not be written: nobody could take this replica's lines any more.
    private static func check(
        _ records: EditedRecords, kinds: KindCatalog
    ) throws(StoreError) {
        for edit in records.edits {
            guard let fault = edit.fault(kinds: kinds) else { continue }
            let what = fault.record.map { "\($0)" } ?? edit.kind
            throw StoreError(
                .fault, "\(what) cannot be written: \(fault.reason); nothing was written",
                hint: "No reader of the log would take it.")
        }
        do throws(LineFault) { try TouchedRecords.check(records) } catch {
            throw StoreError(
                .fault,
                "What is to be written contradicts itself: \(error.reason); nothing was written",
                hint: "No reader of the log would take it.")
        }
    }
}
