import Foundation
import GRDB
import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire
import TallyZstd
import Testing

/// Files made for handing out, and what becomes of them elsewhere.
struct SnapshotTests {
    private let folder: TestFolder
    private let mina: Copy
    private let jun: Copy

    /// Two people with a conflict, a deletion, and changesets that have seen each other.
    init() throws {
        folder = try TestFolder()
        mina = try folder.copy("mina")
        jun = try folder.copy("jun", of: mina)
        try mina.edit(korea, .figure(1), .add("tags", "asked"))
        try jun.pull(from: mina)
        try mina.edit(korea, .figure(2))
        try jun.edit(korea, .figure(3))
        try jun.edit("trade/KOR/JPN/X/TOTAL/2023/motie", .figure(4), .note("kept"))
        try mina.pull(from: jun)
        try mina.edit("trade/KOR/JPN/X/TOTAL/2023/motie", .delete)
        try mina.edit("event/test:1", .set(statement: "title", value: [.text("a meeting")]))
    }

    private func bytes() throws -> [UInt8] {
        let snapshot = try mina.dataset.makeSnapshot(beside: folder.file("made"))
        return try snapshot.file.bytes(at: 0, count: snapshot.file.byteCount)
    }

    private func origin(_ dataset: DatasetID? = nil) -> ReceivedSnapshot.Origin {
        ReceivedSnapshot.Origin(
            dataset: dataset ?? mina.dataset.id, name: "cloned", remote: "origin",
            url: "https://hub.example/korea")
    }

    private func adopt(
        _ bytes: [UInt8], from origin: ReceivedSnapshot.Origin? = nil,
        kinds: KindCatalog = .shipped
    ) throws -> Copy {
        let received = try ReceivedSnapshot(for: folder.file("ana.tally"))
        for start in stride(from: 0, to: bytes.count, by: 10_000) {
            try received.append(Array(bytes[start..<min(start + 10_000, bytes.count)]))
        }
        let ana = Person("ana")
        try received.adopt(from: origin ?? self.origin(), kinds: kinds, at: ana.workplace)
        return Copy(dataset: try Dataset.open(path: folder.file("ana.tally")), person: ana)
    }

    /// The tables that everybody's copy has alike.
    private func state(_ copy: Copy) throws -> [[[SQLValue]]] {
        try [
            "trade", "event", "setting", "tally_replica", "tally_state", "tally_touch",
            "tally_conflict", "tally_log",
        ].map { try copy.sql("SELECT * FROM \($0) ORDER BY 1, 2, 3") }
    }

    @Test("a copy that is made of one holds the same, has an epoch of its own, and goes on")
    func whole() throws {
        let made = try mina.dataset.makeSnapshot(beside: folder.file("made"))
        #expect(try made.heads.heads == mina.dataset.read(\.heads))
        let ana = try adopt(made.file.bytes(at: 0, count: made.file.byteCount))
        #expect(try state(ana) == state(mina))
        #expect(try ana.verification(in: folder).faults == [])
        let (epoch, remote) = try ana.dataset.read {
            (try $0.epoch(), try $0.remote(named: "origin"))
        }
        let old = try mina.dataset.read { (try $0.epoch(), try $0.cursor().text) }
        #expect(epoch != old.0 && !epoch.isEmpty)
        #expect(remote?.url == "https://hub.example/korea")
        #expect(remote?.epoch == old.0 && remote?.cursor == old.1)
        #expect(try ana.dataset.read { try $0.name() } == "cloned")
        #expect(try ana.dataset.read { try $0.waitingEdits().isEmpty })
        try ana.edit(korea, .figure(9))
        try mina.pull(from: ana)
        #expect(try state(mina) == state(ana))
        ana.dataset.close()
        #expect(folder.names == ["ana.tally"] + folder.names.filter { !$0.hasPrefix("ana") })
    }

    @Test("the same log comes to the same bytes, and a longer one to others")
    func sameBytes() throws {
        let first = try bytes()
        #expect(try bytes() == first)
        try mina.edit(korea, .figure(5))
        #expect(try bytes() != first)
    }

    @Test("its pages lie as those of a new file, so that what is lost of it can be saved like one")
    func layout() throws {
        let ana = try adopt(bytes())
        let parts = "SELECT name, rootpage FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'"
        #expect(try ana.sql(parts) == mina.sql(parts))
    }

    @Test("it does not wait for who writes, and holds what was there before")
    func writersMeanwhile() throws {
        let other = try Dataset.open(path: mina.dataset.path, waitSeconds: 0)
        defer { other.close() }
        let before = try mina.dataset.read(\.heads)
        let made = try mina.dataset.writeLocally { access in
            try access.saveRemote("meanwhile", url: "https://hub.example/korea")
            return try other.makeSnapshot(beside: folder.file("made"))
        }
        #expect(made.heads.heads == before)
    }

    @Test("nothing is left of one that is not used, and nothing is in the place of the file")
    func abandoned() throws {
        do {
            let received = try ReceivedSnapshot(for: folder.file("ana.tally"))
            try received.append(Array(bytes().prefix(5000)))
            #expect(folder.names.contains("ana.tally.part"))
            #expect(throws: StoreError.self) {
                try ReceivedSnapshot(for: folder.file("ana.tally"))
            }
        }
        #expect(!folder.names.contains { $0.hasPrefix("ana") })
    }

    // MARK: What is not believed

    /// Changes a snapshot as a hub might that means no good.
    private func changed(_ sql: String) throws -> [UInt8] {
        let path = folder.file("changed.db")
        try Data(bytes()).write(to: URL(fileURLWithPath: path))
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA writable_schema = ON")
            try db.execute(sql: sql)
        }
        try queue.close()
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private func reason(_ bytes: [UInt8], from origin: ReceivedSnapshot.Origin? = nil) -> String {
        defer { #expect(!folder.names.contains { $0.hasPrefix("ana") }) }
        let fault = #expect(throws: SnapshotFault.self) { _ = try adopt(bytes, from: origin) }
        return fault?.reason ?? ""
    }

    @Test(
        "the log is checked line by line, and what stands beside the lines",
        arguments: [
            ("UPDATE tally_log SET author = 'jun' WHERE position = 1", "columns at position 1"),
            ("UPDATE tally_log SET machine = 'x' WHERE position = 2", "columns at position 2"),
            ("UPDATE tally_log SET at = at + 1 WHERE position = 2", "columns at position 2"),
            ("UPDATE tally_log SET is_import = 1 WHERE position = 2", "columns at position 2"),
            ("UPDATE tally_log SET message = 'x' WHERE position = 2", "columns at position 2"),
            ("UPDATE tally_log SET seen = '' WHERE seen <> ''", "are not what the line says"),
            (
                "UPDATE tally_log SET hash = zeroblob(32) WHERE position = 1",
                "columns at position 1"
            ),
            ("UPDATE tally_log SET byte_count = 1 WHERE position = 3", "columns at position 3"),
            ("UPDATE tally_log SET group_id = 'x' WHERE position = 3", "columns at position 3"),
            ("UPDATE tally_log SET member = 'mina' WHERE position = 3", "who brought a changeset"),
            ("UPDATE tally_log SET line = zeroblob(20) WHERE position = 3", "cannot be unpacked"),
            (
                "UPDATE tally_log SET line = (SELECT line FROM tally_log WHERE position = 2) "
                    + "WHERE position = 1", "position 1 does not hold (gap)"
            ),
            ("DELETE FROM tally_log WHERE position = 1", "no changeset at position 1"),
            ("DELETE FROM tally_log WHERE position = 3", "no changeset at position 3"),
            (
                "DELETE FROM tally_log WHERE position = (SELECT max(position) FROM tally_log)",
                "its replicas are not those of its log"
            ),
            ("UPDATE tally_log SET position = 0 WHERE position = 1", "no changeset at position 1"),
            ("UPDATE tally_replica SET seq = seq + 1", "its replicas are not those of its log"),
            ("UPDATE tally_replica SET seen = ''", "its replicas are not those of its log"),
            ("UPDATE tally_replica SET author = 'x'", "its replicas are not those of its log"),
            ("UPDATE tally_replica SET seen = 'x'", "cannot be read"),
            ("DELETE FROM tally_replica", "columns at position 1"),
        ])
    func log(_ sql: String, _ expected: String) throws {
        try expect(expected, of: sql)
    }

    /// A snapshot that was changed by `sql` is not used, and why is told.
    private func expect(_ expected: String, of sql: String) throws {
        let reason = reason(try changed(sql))
        #expect(reason.contains(expected), "\(reason)")
    }

    @Test("a line with another byte is not that of its replica")
    func flippedInLine() throws {
        let line = try mina.dataset.lines()[0]
        let text = String(decoding: line, as: UTF8.self)
        let other = text.replacing("\"asked\"", with: "\"taken\"")
        #expect(other != text)
        let packed = Zstd.compress(Array(other.utf8)).hex
        let reason = reason(
            try changed("UPDATE tally_log SET line = x'\(packed)' WHERE position = 1"))
        #expect(reason.contains("the signature is not that of replica"), "\(reason)")
    }

    @Test(
        "a schema that is not that of a new file is not used",
        arguments: [
            "CREATE TRIGGER evil AFTER INSERT ON trade BEGIN DELETE FROM tally_log; END",
            "CREATE VIEW evil AS SELECT * FROM trade", "CREATE TABLE more (x)",
            "CREATE INDEX more ON trade (partner)", "CREATE UNIQUE INDEX more ON trade (partner)",
            "ALTER TABLE event ADD COLUMN more TEXT", "DROP TABLE tally_shown",
            "DROP TRIGGER tally_insert_trade", "ANALYZE",
            "UPDATE sqlite_schema SET sql = replace(sql, '\"value\" REAL', '\"value\" TEXT') WHERE name = 'trade'",
        ])
    func schema(_ sql: String) throws {
        let reason = reason(try changed(sql))
        #expect(
            reason.contains("its tables are not those that this version of Tally makes")
                || reason.contains("SQLite finds it damaged"), "\(reason)")
    }

    @Test(
        "what is of another file alone does not come along",
        arguments: [
            ("INSERT INTO tally_remote (name, url) VALUES ('x', 'y')", "tally_remote is not empty"),
            ("INSERT INTO tally_shown VALUES ('x', 'y')", "tally_shown is not empty"),
            ("INSERT INTO tally_successor VALUES ('x', 1, 'y')", "tally_successor is not empty"),
            (
                "INSERT INTO tally_refused (at, kind, reason, typed) VALUES ('', '', '', '')",
                "tally_refused is not empty"
            ),
            (
                "INSERT INTO tally_before_event (id, existed) VALUES ('x', 0)",
                "tally_before_event is not empty"
            ),
            ("INSERT INTO tally_meta VALUES ('replica', 'x')", "what no snapshot says"),
            ("UPDATE tally_meta SET value = '2' WHERE name = 'format'", "what no snapshot says"),
            ("DELETE FROM tally_meta WHERE name = 'epoch'", "what no snapshot says"),
            ("DELETE FROM tally_stamp", "no state of its own"),
            ("PRAGMA application_id = 1", "no dataset of a format"),
            ("PRAGMA user_version = 2", "no dataset of a format"),
            ("PRAGMA user_version = 0", "its tables are not those"),
        ])
    func local(_ sql: String, _ expected: String) throws {
        try expect(expected, of: sql)
    }

    @Test("that of another dataset is not used, nor one of which every line is of another")
    func wrongDataset() throws {
        let other = try #require(DatasetID("0b6a1f00-0000-4000-8000-000000000001"))
        #expect(reason(try bytes(), from: origin(other)) == "it is of another dataset")
        let renamed = try changed("UPDATE tally_meta SET value = '\(other)' WHERE name = 'dataset'")
        let reason = reason(renamed, from: origin(other))
        #expect(reason.contains("the line is of dataset \(mina.dataset.id)"), "\(reason)")
    }

    @Test("kinds of a newer version are other tables")
    func newerKinds() throws {
        let fault = #expect(throws: SnapshotFault.self) {
            _ = try adopt(bytes(), kinds: KindCatalog(Array(KindCatalog.shipped.all.dropLast())))
        }
        #expect(fault?.reason == "its tables are not those that this version of Tally makes")
    }

    @Test("what was cut off, or is no database, is not used")
    func cut() throws {
        let whole = try bytes()
        for count in [0, 50, 100, 4096, whole.count / 2, whole.count - 4096, whole.count - 1] {
            #expect(!reason(Array(whole.prefix(count))).isEmpty, "\(count)")
        }
        #expect(!reason(Array("<html>not found</html>".utf8)).isEmpty)
        #expect(!reason(whole.map { $0 ^ 0x55 }).isEmpty)
    }

    @Test("a byte that arrives as another ends in no crash, and in no file whose log is another")
    func flipped() throws {
        let whole = try bytes()
        let lines = try mina.dataset.lines()
        for offset in stride(from: 0, to: whole.count, by: 499) {
            var flipped = whole
            flipped[offset] ^= 0x21
            do {
                let ana = try adopt(flipped)
                #expect(try ana.dataset.lines() == lines, "\(offset)")
                ana.dataset.close()
                try FileManager.default.removeItem(atPath: folder.file("ana.tally"))
            } catch is SnapshotFault {}
            #expect(!folder.names.contains { $0.hasPrefix("ana") }, "\(offset)")
        }
    }
}
