import StoreTestSupport
import TallyCore
import TallyStore

@testable import TallyWire

/// Bytes as a line of the log: as they are, signed anew, and written anew under a replica of its own.
///
/// - Reading twice is the same; the edits that are read write to a line that reads to the same edits.
/// - A refusal has a reason that can be shown.
/// - The rows of one record, searched, are those among all rows.
/// - A file that refuses a line is as it was.
final class LinesTarget: FuzzTarget {
    private let kinds = KindCatalog.shipped
    private let signing: Signing
    private let folder: TestFolder
    private let dataset: Dataset
    private let before: Contents

    init() throws {
        signing = try Signing()
        folder = try TestFolder()
        let lines = try fixture("lines/valid.jsonl").split(separator: 0x0a).map(Array.init)
        dataset = try Dataset.create(
            path: folder.file("lines.tally"), name: "lines",
            id: try ChangesetLine(lines[0]).dataset())
        _ = try dataset.take(lines, durable: false)
        before = try Contents(of: dataset)
    }

    func check(_ bytes: [UInt8]) throws {
        try checkReading(bytes)
        let signed = signing.signed(bytes)
        try checkReading(signed)
        try checkIntake(signed)
        guard let line = try? ChangesetLine(signed) else { return }
        try checkRewriting(line)
    }

    // MARK: Reading

    private func checkReading(_ bytes: [UInt8]) throws {
        let (first, second) = (Reading(bytes, kinds), Reading(bytes, kinds))
        require(first == second, "two readings differ: \(first) and \(second)")
        for reason in first.reasons { Self.checkReason(reason) }
        guard let line = try? ChangesetLine(bytes),
            let changeset = try? line.changeset(kinds: kinds)
        else { return }
        try checkWriting(changeset)
        for record in Self.someRecords(of: changeset.edits) { try checkSearch(record, bytes, line) }
    }

    static func checkReason(_ reason: String) {
        require(
            Shape.isLine(reason, maximumBytes: 2000),
            "a reason that cannot be shown: \(JSONString.quoted(reason))")
    }

    private func checkWriting(_ changeset: Changeset) throws {
        let key = signing.stranger
        let writer = ChangesetWriter(key: key)
        func written(_ changeset: Changeset) -> [UInt8] {
            writer.line(
                Changeset(
                    dataset: changeset.dataset,
                    revision: Revision(key.replica, changeset.revision.seq),
                    previous: changeset.previous,
                    seen: changeset.seen.filter { $0.revision.replica != key.replica },
                    at: changeset.at, author: changeset.author, machine: changeset.machine,
                    message: changeset.message, group: changeset.group,
                    isImport: changeset.isImport, edits: changeset.edits)
            ).bytes
        }
        let line = written(changeset)
        let again: Changeset
        do {
            again = try ChangesetLine(line).changeset(kinds: kinds)
        } catch {
            fail("what was read cannot be read any more when it is written: \(error)")
        }
        require(written(again) == line, "what was read is written as something else")
        require(again.edits == changeset.edits, "what was read is written with other edits")
    }

    private static func someRecords(of edits: [Edit]) -> Set<RecordAddress> {
        let all = edits.flatMap { edit in
            [edit.rows.first, edit.rows.last].compactMap { $0 }.map {
                RecordAddress(kind: edit.kind, key: $0.key)
            }
        }
        return Set(all.prefix(4))
    }

    private func checkSearch(_ record: RecordAddress, _ bytes: [UInt8], _ line: ChangesetLine)
        throws
    {
        func rows(_ edits: [Edit]) -> [Edit] {
            edits.compactMap { edit in
                guard edit.kind == record.kind else { return nil }
                let rows = edit.rows.filter { $0.key == record.key }
                return rows.isEmpty
                    ? nil : Edit(kind: edit.kind, operation: edit.operation, rows: rows)
            }
        }
        let all = try line.changeset(kinds: kinds).edits
        do {
            let found = try ChangesetLine.edits(of: [record], inChecked: bytes, kinds: kinds)
            require(rows(found) == rows(all), "a search for \(record) misses rows")
        } catch { fail("a search in a checked line is refused: \(error)") }
    }

    // MARK: Taking

    private func checkIntake(_ bytes: [UInt8]) throws {
        do {
            _ = try dataset.take([bytes], durable: false) { access in
                _ = try access.counts()
                _ = try access.conflicts()
                for kind in access.kinds.all { try access.forEachRow(of: kind) { _ in } }
                throw TakenBack()
            }
        } catch is TakenBack {
        } catch let fault as LineFault { Self.checkReason(fault.reason) }
        require(try Contents(of: dataset) == before, "a refusal changed the file")
    }

    /// What the line does, as the first changeset of somebody who had seen nothing, and who had seen all.
    private func checkRewriting(_ line: ChangesetLine) throws {
        let all = before.heads.map {
            Changeset.Seen(revision: Revision($0.key, $0.value.seq), hash: $0.value.hash)
        }.sorted { $0.revision.replica < $1.revision.replica }
        for seen in [[], all] {
            guard
                let anew = try? line.rewritten(
                    with: signing.stranger, seq: 1, previous: nil, seen: seen)
            else { continue }
            require((try? ChangesetLine(anew.bytes)) != nil, "a line written anew is no line")
            try checkIntake(anew.bytes)
        }
    }
}

/// All that can be read of a line, and why the rest cannot.
private struct Reading: Equatable {
    var parts: [String] = []
    var reasons: [String] = []
    var edits: [Edit]?

    init(_ bytes: [UInt8], _ kinds: KindCatalog) {
        var line: ChangesetLine?
        ask { line = try ChangesetLine(bytes) }
        guard let line else { return }
        parts.append("\(line.hash)")
        ask { try line.checkFormat() }
        ask { try "\(line.dataset())" }
        ask { try "\(line.replica())" }
        ask { if let key = try line.key() { try line.checkSignature(with: key) } }
        ask { try "\(line.seq())" }
        ask { try "\(String(describing: line.previous()))" }
        ask { try "\(line.seen())" }
        ask { try "\(line.at())" }
        ask { try "\(line.author()) \(line.machine()) \(line.message() ?? "")" }
        ask { try "\(String(describing: line.group())) \(line.isImport())" }
        var edits: [Edit]?
        ask { edits = try line.changeset(kinds: kinds).edits }
        self.edits = edits
    }

    private mutating func ask<Answer>(_ question: () throws -> Answer) {
        do {
            let answer = try question()
            if let text = answer as? String { parts.append(text) }
        } catch let fault as LineFault {
            reasons.append(fault.reason)
        } catch { fail("an error that is not declared: \(error)") }
    }
}
