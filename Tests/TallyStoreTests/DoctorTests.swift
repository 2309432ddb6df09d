import Foundation
import GRDB
import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// What an examination says, and that it leaves all as it is.
struct DoctorTests {
    private func doctor(_ copy: Copy, _ folder: TestFolder) -> Doctor {
        Doctor(copy.dataset.path, temporaryFolder: folder.path)
    }

    private func examine(_ copy: Copy, _ folder: TestFolder) throws -> [Finding] {
        try doctor(copy, folder).examine(identities: copy.person.identities)
    }

    /// A closed dataset, changed as another program would.
    private func changed(_ folder: TestFolder, _ sql: String) throws -> Copy {
        let mina = try folder.copy("mina")
        try mina.edit(korea, .figure(1))
        mina.dataset.close()
        let plain = try DatabaseQueue(path: mina.dataset.path)
        try plain.writeWithoutTransaction { try $0.execute(sql: sql) }
        try plain.close()
        return mina
    }

    private func texts(_ findings: [Finding]) -> [String] {
        findings.map { "\($0.severity.rawValue): \($0.what)" }
    }

    @Test("of a sound file there is nothing to say, with conflicts and beside a writer too")
    func sound() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        #expect(try examine(mina, folder).isSound)
        let jun = try folder.copy("jun", of: mina)
        try mina.edit(korea, .figure(1))
        try jun.edit(korea, .figure(2))
        try mina.pull(from: jun)
        let open = try examine(mina, folder)
        #expect(open.isSound && open.map(\.severity) == [.note])
        #expect(open.first?.what.contains("mina.tally-wal holds ") == true)
        mina.dataset.close()
        jun.dataset.close()
        #expect(try examine(mina, folder) == [])
        #expect(folder.names == ["jun.tally", "mina.tally"])
    }

    @Test("what is no dataset is named as opening it names it")
    func noDataset() throws {
        let folder = try TestFolder()
        let path = folder.file("x.tally")
        for bytes in [[], Array("SQLite".utf8), Array(repeating: 0x55, count: 10_000)] {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let doctor = Doctor(path, temporaryFolder: folder.path)
            for attempt in [
                { _ = try doctor.examine(identities: nil) },
                { _ = try doctor.save(into: folder.file("y.tally")) },
            ] {
                #expect(
                    throws: StoreError(
                        .notADataset, "\(path) is not a Tally dataset: it is no SQLite file",
                        hint: "Name a dataset with -f FILE, or make one: tally init FILE"),
                    performing: attempt)
            }
            #expect(doctor.mayHaveLostItsFirstPage == (bytes.count > 4096))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(bytes))
            #expect(folder.names == ["x.tally"])
        }
    }

    @Test("another program's file and a newer format are refused, not guessed at")
    func others() throws {
        let folder = try TestFolder()
        for (pragma, code) in [
            ("application_id = 7", StoreError.Code.notADataset), ("user_version = 2", .newerFormat),
        ] {
            let inner = try TestFolder()
            let mina = try changed(inner, "PRAGMA \(pragma)")
            let examined = #expect(throws: StoreError.self) { try examine(mina, inner) }
            #expect(examined?.code == code)
            let saved = #expect(throws: StoreError.self) {
                try doctor(mina, inner).save(into: folder.file("y.tally"))
            }
            #expect(saved?.code == code)
            #expect(inner.names == ["mina.tally"])
        }
        #expect(folder.names == [])
    }

    @Test("a state that is not what the log says, and missing tables and indices, are named")
    func findings() throws {
        for (sql, expected) in [
            (
                // As damage does: no trigger sees it.
                "UPDATE trade SET value = 2; DELETE FROM tally_before_trade",
                ["damage: trade: 1 rows are not what the log says, 1 that it says are missing"]
            ),
            (
                "DROP INDEX tally_conflict_id",
                ["warning: The index tally_conflict_id is missing"]
            ),
            (
                "UPDATE trade SET value = 2",
                ["note: 1 record was edited with another tool and is not taken yet"]
            ),
            (
                "DROP TABLE trade",
                ["warning: Another tool has dropped or rebuilt the table trade"]
            ),
            ("DROP TABLE tally_touch", ["damage: The table tally_touch is missing"]),
            (
                "UPDATE tally_log SET line = x'00'",
                ["damage: The changeset at position 1 of the log cannot be unpacked"]
            ),
            (
                """
                INSERT INTO tally_remote (name, url, halt) VALUES ('origin', 'https://hub.example.org/k', 'bad')
                """,
                ["warning: Fetching from origin stopped at a line that cannot be taken: bad"]
            ),
        ] {
            let folder = try TestFolder()
            let mina = try changed(folder, sql)
            let found = texts(try examine(mina, folder))
            for text in expected {
                #expect(found.contains { $0.hasPrefix(text) }, "\(sql): \(found)")
            }
            #expect(folder.names == ["mina.tally"])
        }
    }

    @Test("who cannot write as the file's replica is told why")
    func identities() throws {
        let folder = try TestFolder()
        let mina = try changed(folder, "SELECT 1")
        let path = mina.dataset.path
        #expect(
            texts(try doctor(mina, folder).examine(identities: nil))
                == ["warning: There is no place to keep this machine's keys: $HOME is not set"])
        let other = Copy(dataset: try Dataset.open(path: path), person: Person("jun"))
        let replica = try #require(try other.dataset.read { try $0.writingReplica() })
        other.dataset.close()
        let elsewhere = try examine(other, folder)
        #expect(elsewhere.isSound)
        #expect(
            texts(elsewhere) == [
                "note: Replica \(replica.short) wrote this file last and does not write it from here: "
                    + "its key is not on this machine"
            ])
        let store = FileIdentityStore(folder: folder.file("keys"))
        try FileManager.default.createDirectory(
            atPath: store.folder, withIntermediateDirectories: true)
        try Data("{}".utf8).write(
            to: URL(fileURLWithPath: "\(store.folder)/\(replica).json"))
        let damaged = try doctor(mina, folder).examine(identities: store)
        #expect(
            texts(damaged)
                == ["warning: \(store.folder)/\(replica).json is no identity of a replica"])
    }
}
