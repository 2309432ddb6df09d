import Foundation
import GRDB
import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// A file that takes more room than it needs: that it is said, and given back.
struct CompactTests {
    /// A closed file with 4 MB of free pages.
    private func loose(_ folder: TestFolder) throws -> Copy {
        let mina = try folder.copy("mina")
        for number in 0..<20 { try mina.edit("event/\(number)", .create, .note("\(number)")) }
        try loosen(mina)
        return mina
    }

    /// Closes the file, and gives it 4 MB of free pages.
    private func loosen(_ copy: Copy) throws {
        copy.dataset.close()
        let plain = try DatabaseQueue(path: copy.dataset.path)
        try plain.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    CREATE TABLE large (id INTEGER PRIMARY KEY, filling BLOB);
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
                    INSERT INTO large SELECT i, randomblob(4000) FROM n;
                    DROP TABLE large;
                    """)
        }
        try plain.close()
    }

    private func size(_ path: String) throws -> Int {
        try #require(
            try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }

    private func stampPage(_ path: String) throws -> Int? {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.read {
            try Int.fetchOne(
                $0, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'tally_stamp'")
        }
    }

    @Test("doctor says how much is free, and compacting gives it back and changes nothing else")
    func compacted() throws {
        let folder = try TestFolder()
        let mina = try loose(folder)
        let path = mina.dataset.path
        let doctor = Doctor(path, temporaryFolder: folder.path)
        let before = try doctor.examine(identities: mina.person.identities)
        let note = try #require(before.first)
        #expect(before.count == 1 && note.severity == .note && note.isOfSpace)
        #expect(note.what.contains(" bytes of \(path) are free pages; with what its tables"))
        #expect(note.hint == "Give them back with: tally doctor --compact")
        let page = try stampPage(path)

        let lines = try reopened(mina) { try $0.lines() }
        let compacted = try Dataset.compact(path: path, isInterrupted: { false })
        #expect(compacted.before > 4_000_000 && compacted.after < 1_000_000)
        #expect(try compacted.after == size(path))
        #expect(folder.names == ["mina.tally"])
        #expect(try doctor.examine(identities: mina.person.identities) == [])
        #expect(try reopened(mina) { try $0.lines() } == lines)
        // By its place a log that a killed program leaves is known (LeftLog).
        #expect(page != nil)
        #expect(try stampPage(path) == page)
        // Nobody has to compare the tables with what they are to be.
        let again = try Dataset.compact(path: path, isInterrupted: { false })
        #expect(again.after == compacted.after)
    }

    @Test("long lines are packed smaller, once; what they say stays")
    func lines() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let path = mina.dataset.path
        // Notes that repeat, but not soon.
        let words = (1...2000).map { String(UInt64($0) &* 0x9E37_79B9_7F4A_7C15, radix: 36) }
        try mina.write { editor in
            for number in 0..<6000 {
                let note = (0..<30).map { words[(number * 7 + $0 * $0 * 31) % words.count] }
                try editor.edit(
                    RecordAddress(kind: "event", key: RecordKey(["\(number)"])),
                    [.create, .note(note.joined(separator: " "))])
            }
        }
        let lines = try mina.dataset.lines()
        try #require(lines.allSatisfy { $0.count > 256 * 1024 })
        let packed = try lengths(mina)
        try loosen(mina)
        let doctor = Doctor(path, temporaryFolder: folder.path)
        let note = try #require(try doctor.examine(identities: mina.person.identities).first)
        #expect(note.isOfSpace && note.what.contains(", and its log packed smaller, about "))

        _ = try Dataset.compact(path: path, isInterrupted: { false })
        #expect(try doctor.examine(identities: mina.person.identities) == [])
        let copy = Copy(dataset: try Dataset.open(path: path), person: mina.person)
        #expect(try copy.dataset.lines() == lines)
        #expect(zip(try lengths(copy), packed).allSatisfy { $0 < $1 })
        #expect(try copy.verification(in: folder).faults == [])
        #expect(
            try copy.sql("SELECT value FROM tally_meta WHERE name = 'packed'") == [
                [.text("\(lines.count)")]
            ])
        copy.dataset.close()
    }

    /// How long the lines are in the log.
    private func lengths(_ copy: Copy) throws -> [Int64] {
        try copy.sql("SELECT length(line) FROM tally_log ORDER BY position").compactMap {
            guard case .integer(let length) = $0[0] else { return nil }
            return length
        }
    }

    private func reopened<Result>(
        _ copy: Copy, _ body: (Dataset) throws -> Result
    ) throws -> Result {
        let dataset = try Dataset.open(path: copy.dataset.path)
        defer { dataset.close() }
        return try body(dataset)
    }

    @Test("who has the file open keeps it as it is, a reader too; what is interrupted is not done")
    func busy() throws {
        let folder = try TestFolder()
        let mina = try loose(folder)
        let path = mina.dataset.path
        let before = try size(path)
        for readOnly in [true, false] {
            let dataset = try Dataset.open(path: path, readOnly: readOnly)
            defer { dataset.close() }
            #expect(try dataset.read { try $0.counts() }.first?.count == 20)
            let error = #expect(throws: StoreError.self) {
                try Dataset.compact(path: path, isInterrupted: { false })
            }
            #expect(error?.code == .busy)
            #expect(
                error?.message
                    == "\(path) is open in another program, and compacting needs it for itself")
        }
        let error = #expect(throws: StoreError.self) {
            try Dataset.compact(path: path, isInterrupted: { true })
        }
        #expect(error?.code == .interrupted)
        #expect(try size(path) == before)
        #expect(try reopened(mina) { try $0.lines().count } == 20)
    }

    @Test("edits by another tool still wait afterwards")
    func waiting() throws {
        let folder = try TestFolder()
        let mina = try loose(folder)
        let path = mina.dataset.path
        let plain = try DatabaseQueue(path: path)
        try plain.write { try $0.execute(sql: "UPDATE event SET note = 'by hand' WHERE id = '3'") }
        try plain.close()
        _ = try Dataset.compact(path: path, isInterrupted: { false })
        let waiting = try reopened(mina) { try $0.read { try $0.waitingEdits().count } }
        #expect(waiting == 1)
        let copy = Copy(dataset: try Dataset.open(path: path), person: mina.person)
        try copy.dataset.capture(at: copy.person.workplace)
        #expect(try copy.sql("SELECT note FROM event WHERE id = '3'") == [[.text("by hand")]])
        #expect(try copy.verification(in: folder).faults == [])
        copy.dataset.close()
    }
}
