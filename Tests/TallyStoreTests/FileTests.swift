import Foundation
import GRDB
import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Making, opening and closing dataset files.
struct FileTests {
    private func opening(_ path: String) -> StoreError? {
        #expect(throws: StoreError.self) { try Dataset.open(path: path) }
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test("what is no dataset is not opened, and not touched")
    func noDataset() throws {
        let folder = try TestFolder()
        let path = folder.file("x.tally")
        #expect(
            opening(path)
                == StoreError(
                    .noFile, "There is no file \(path)",
                    hint: "Make a dataset with: tally init FILE, or copy one with: "
                        + "tally clone SOURCE FILE"))
        #expect(
            opening(folder.path)
                == StoreError(
                    .notADataset, "\(folder.path) is a folder, not a dataset",
                    hint: "Name the file in it."))
        try #require(mkfifo(path, 0o600) == 0)
        #expect(
            opening(path)
                == StoreError(
                    .notADataset, "\(path) is a pipe or a device, not a dataset",
                    hint: "Name a dataset with -f FILE, or make one: tally init FILE"))
        try FileManager.default.removeItem(atPath: path)
        for bytes in [[], Array("reporter,partner\n".utf8), Array(repeating: 0, count: 4096)] {
            try write(bytes, to: path)
            #expect(
                opening(path)
                    == StoreError(
                        .notADataset, "\(path) is not a Tally dataset: it is no SQLite file",
                        hint: "Name a dataset with -f FILE, or make one: tally init FILE"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(bytes))
        }
        #expect(folder.names == ["x.tally"])
    }

    @Test("the SQLite file of another program is left alone")
    func otherProgram() throws {
        let folder = try TestFolder()
        let path = folder.file("x.tally")
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "CREATE TABLE trade (a)") }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(
            opening(path)
                == StoreError(
                    .notADataset,
                    "\(path) is an SQLite file of another program, not a Tally dataset",
                    hint: "Nothing was changed. Name a dataset with -f FILE."))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(folder.names == ["x.tally"])
    }

    @Test("a file of a newer format is named as such")
    func newerFormat() throws {
        let folder = try TestFolder()
        let copy = try folder.copy("x")
        copy.dataset.close()
        let queue = try DatabaseQueue(path: copy.dataset.path)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 2") }
        try queue.close()
        #expect(
            opening(copy.dataset.path)
                == StoreError(
                    .newerFormat,
                    "\(copy.dataset.path) is of format 2; this version of Tally reads up to 1",
                    hint: "Nothing was changed. Install a newer version of Tally."))
    }

    @Test("a new file is not put in the place of another")
    func fileExists() throws {
        let folder = try TestFolder()
        let path = folder.file("x.tally")
        try write([1], to: path)
        #expect(
            throws: StoreError(
                .fileExists, "\(path) exists already; it was left as it is",
                hint: "Choose another name, or remove the file first.")
        ) { try Dataset.create(path: path, name: "x") }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1]))
        let error = #expect(throws: StoreError.self) {
            try Dataset.create(path: folder.file("no/x.tally"), name: "x")
        }
        #expect(error?.code == .cannotCreate)
        #expect(folder.names == ["x.tally"])
    }

    @Test(
        "what a killed process left of a new file is taken away, not written: it may be another file's second name"
    )
    func leftDraft() throws {
        let folder = try TestFolder()
        let first = try folder.copy("a")
        try first.edit(korea, .figure(1))
        first.dataset.close()
        // Killed between giving the name and taking the draft away; then the file is renamed.
        let (path, moved) = (first.dataset.path, folder.file("b.tally"))
        try FileManager.default.linkItem(atPath: path, toPath: path + ".part")
        try FileManager.default.moveItem(atPath: path, toPath: moved)
        try folder.copy("a").dataset.close()
        #expect(try Dataset.open(path: moved).rows("SELECT value FROM trade") == [[.real(1)]])
        #expect(try Dataset.open(path: path).rows("SELECT value FROM trade").isEmpty)
        #expect(!folder.names.contains("a.tally.part"))
    }

    @Test(
        "a log that was left beside a file that is no longer there does not get into the one in its place"
    )
    func leftLog() throws {
        let folder = try TestFolder()
        let (crashed, old) = (folder.file("crashed.tally"), try folder.copy("old"))
        for index in 0..<200 {
            try old.edit("event/\(index)", .note(String(repeating: "x", count: 500)))
        }
        // As kill -9 leaves them.
        for ending in ["", "-wal", "-shm"] {
            try FileManager.default.copyItem(
                atPath: old.dataset.path + ending, toPath: crashed + ending)
        }
        let backup = try folder.copy("backup", id: old.dataset.id)
        try backup.edit(korea, .figure(1))
        backup.dataset.close()

        // Touched after its log, as by a checkpoint that was cut off: it fits, and is folded back.
        #expect(chmod(crashed, 0o644) == 0)
        let again = try Dataset.open(path: crashed)
        #expect(try again.rows("SELECT count(*) FROM event") == [[.integer(200)]])
        again.close()

        for ending in ["-wal", "-shm"] {
            try FileManager.default.copyItem(
                atPath: old.dataset.path + ending, toPath: crashed + ending)
        }
        try FileManager.default.removeItem(atPath: crashed)
        try FileManager.default.copyItem(atPath: backup.dataset.path, toPath: crashed)
        let before = try Data(contentsOf: URL(fileURLWithPath: crashed))
        for readOnly in [true, false] {
            let error = #expect(throws: StoreError.self) {
                try Dataset.open(path: crashed, readOnly: readOnly)
            }
            #expect(error?.code == .damaged)
            #expect(error?.message.hasPrefix("\(crashed)-wal does not fit \(crashed)") == true)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: crashed)) == before)
        for ending in ["-wal", "-shm"] {
            try FileManager.default.removeItem(atPath: crashed + ending)
        }
        #expect(try Dataset.open(path: crashed).rows("SELECT value FROM trade") == [[.real(1)]])
    }

    @Test(
        "a log goes on from one state of its file: an earlier backup is refused, the file half written by a checkpoint is not"
    )
    func stateOfLeftLog() throws {
        let folder = try TestFolder()
        let (earlier, base) = (folder.file("earlier.tally"), folder.file("base.tally"))
        let copy = try folder.copy("x")
        let path = copy.dataset.path
        try copy.edit(korea, .figure(1))
        copy.dataset.close()
        try FileManager.default.copyItem(atPath: path, toPath: earlier)
        // Of another record than the log: without the stamp the two would look sound together, and this be lost.
        let again = try Copy(dataset: Dataset.open(path: path), person: copy.person)
        try again.edit("event/1", .note("base"))
        again.dataset.close()
        try FileManager.default.copyItem(atPath: path, toPath: base)

        let last = try Copy(dataset: Dataset.open(path: path), person: copy.person)
        for value in 2...4 { try last.edit(korea, .figure(Double(value))) }
        try FileManager.default.copyItem(atPath: path + "-wal", toPath: base + "-wal")
        try FileManager.default.copyItem(atPath: path + "-wal", toPath: earlier + "-wal")
        last.dataset.close()
        #expect(chmod(base, 0o644) == 0)
        #expect(chmod(earlier, 0o644) == 0)

        let error = #expect(throws: StoreError.self) { try Dataset.open(path: earlier) }
        #expect(error?.message.hasPrefix("\(earlier)-wal does not fit \(earlier)") == true)
        // As a checkpoint that was cut off leaves it: one page is new, the others are old.
        let (old, new) = try (bytes(base), bytes(path))
        let changed = stride(from: 0, to: min(old.count, new.count), by: 4096)
            .filter { old[$0..<($0 + 4096)] != new[$0..<($0 + 4096)] }
        try #require(changed.count > 1)
        let log = try bytes(base + "-wal")
        for page in changed {
            try? FileManager.default.removeItem(atPath: base + "-shm")
            try Data(log).write(to: URL(fileURLWithPath: base + "-wal"))
            var half = old
            half.replaceSubrange(page..<(page + 4096), with: new[page..<(page + 4096)])
            try Data(half).write(to: URL(fileURLWithPath: base))
            let dataset = try Dataset.open(path: base)
            #expect(try dataset.rows("SELECT value FROM trade") == [[.real(4)]])
            dataset.close()
        }
    }

    @Test("a log that another tool began is looked at whole: it says only what Tally wrote last")
    func leftLogOfATool() throws {
        let folder = try TestFolder()
        let copy = try folder.copy("x")
        let path = copy.dataset.path
        try copy.edit(korea, .figure(1))
        copy.dataset.close()
        let backup = folder.file("backup.tally")
        try FileManager.default.copyItem(atPath: path, toPath: backup)
        // One session of a tool ends well, the next leaves its log; then Tally leaves one.
        let first = try DatabaseQueue(path: path)
        try first.write { try $0.execute(sql: "UPDATE trade SET note = 'first'") }
        try first.close()
        let base = folder.file("base.tally")
        try FileManager.default.copyItem(atPath: path, toPath: base)
        let tool = try DatabaseQueue(path: path)
        try tool.write { try $0.execute(sql: "UPDATE trade SET note = 'second'") }
        func leave(beside file: String) throws {
            try? FileManager.default.removeItem(atPath: file + "-wal")
            try FileManager.default.copyItem(atPath: path + "-wal", toPath: file + "-wal")
            #expect(chmod(file, 0o644) == 0)
        }
        try leave(beside: base)
        let found = try Dataset.open(path: base)
        #expect(try found.rows("SELECT note FROM trade") == [[.text("second")]])
        found.close()
        try tool.close()

        let last = try Copy(dataset: Dataset.open(path: path), person: copy.person)
        try last.dataset.capture(at: last.person.workplace)
        try last.edit(korea, .figure(2))
        try leave(beside: backup)
        let error = #expect(throws: StoreError.self) { try Dataset.open(path: backup) }
        #expect(error?.message.hasPrefix("\(backup)-wal does not fit \(backup)") == true)
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test("a file at rest is one file, however it was opened")
    func oneFile() throws {
        let folder = try TestFolder()
        let copy = try folder.copy("x")
        try copy.edit(korea, .figure(1))
        #expect(folder.names.contains("x.tally-wal"))
        copy.dataset.close()
        #expect(folder.names == ["x.tally"])
        for isReadOnly in [true, false] {
            let again = try Dataset.open(path: copy.dataset.path, readOnly: isReadOnly)
            #expect(try again.rows("SELECT value FROM trade") == [[.real(1)]])
            again.close()
            #expect(folder.names == ["x.tally"], "read only: \(isReadOnly)")
        }
        let plain = try DatabaseQueue(path: copy.dataset.path)
        let id = try plain.read { try Int.fetchOne($0, sql: "PRAGMA application_id") }
        #expect(id == 0x5441_4c59)
    }

    @Test("a file opened read-only reads, verifies and refuses to be written")
    func readOnly() throws {
        let folder = try TestFolder()
        let copy = try folder.copy("x")
        try copy.edit(korea, .figure(1))
        copy.dataset.close()
        let reading = Copy(
            dataset: try Dataset.open(path: copy.dataset.path, readOnly: true),
            person: copy.person)
        #expect(try reading.view(korea).row?.values["value"] == .number(1))
        #expect(try reading.verification(in: folder).faults == [])
        let error = #expect(throws: StoreError.self) { try reading.edit(korea, .figure(2)) }
        #expect(error?.code == .readOnly)
        let query = #expect(throws: StoreError.self) {
            try reading.sql("DELETE FROM trade RETURNING 1")
        }
        #expect(query?.code == .sql)
        #expect(query?.message.hasPrefix("A query only reads: ") == true)
        let wrong = #expect(throws: StoreError.self) { try reading.sql("SELECT x FROM trade") }
        #expect(wrong?.message == "SQL: no such column: x")
    }

    @Test("a second writer is told that the file is busy")
    func busy() throws {
        let folder = try TestFolder()
        let copy = try folder.copy("x")
        let second = try Dataset.open(path: copy.dataset.path, waitSeconds: 0.01)
        try copy.dataset.writeLocally { _ in
            #expect(
                throws: StoreError(
                    .busy, "\(second.path) is being written by another program",
                    hint: "Try again when it has finished.")
            ) { try second.writeLocally { _ in } }
            // Reading goes on.
            let heads = try second.read(\.heads)
            #expect(heads.isEmpty)
        }
        try second.writeLocally { _ in }
    }

    @Test("a damaged file is named as damaged")
    func damaged() throws {
        let folder = try TestFolder()
        let copy = try folder.copy("x")
        try copy.edit(korea, .figure(1))
        copy.dataset.close()
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: copy.dataset.path)))
        for index in 4096..<bytes.count { bytes[index] = 0x55 }
        try write(bytes, to: copy.dataset.path)
        let error = #expect(throws: StoreError.self) {
            _ = try Dataset.open(path: copy.dataset.path).read { try $0.conflicts() }
        }
        #expect(error?.code == .damaged)
        #expect(
            error?.hint == "Save what can be read into a new file: tally doctor --into FILE")
    }

    @Test("two datasets made one after the other have ids and epochs of their own")
    func ids() throws {
        let folder = try TestFolder()
        let (a, b) = (try folder.copy("a").dataset, try folder.copy("b").dataset)
        #expect(a.id != b.id)
        #expect(try a.read { try $0.epoch() } != b.read { try $0.epoch() })
        #expect(try a.read { try $0.name() } == "korea")
        let again = try Dataset.open(path: a.path)
        #expect(again.id == a.id)
        #expect(try again.read { try $0.epoch() } == a.read { try $0.epoch() })
    }
}
