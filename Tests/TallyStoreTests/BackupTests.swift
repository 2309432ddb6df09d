import Foundation
import StoreTestSupport
import TallyCore
import TallyStore
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Copies of a file as of one moment.
struct BackupTests {
    private func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// A file of more pages than one step copies.
    private func large(_ folder: TestFolder) throws -> Copy {
        let copy = try folder.copy("mina")
        let text = String(repeating: "lorem ipsum ", count: 5000)
        try copy.write { editor in
            for index in 0..<120 {
                let record = try wanted(RecordAddress("trade/KOR/CHN/X/H6:\(index)/2023/motie"))
                try editor.edit(record, [.note("\(index) \(text)")])
            }
        }
        return copy
    }

    @Test("a backup is one whole file in WAL mode, of the same dataset, and usable")
    func whole() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .figure(1))
        let target = folder.file("a #?%.tally")
        let made = try mina.dataset.backUp(to: target)
        #expect(folder.names.filter { $0.hasPrefix("a") } == ["a #?%.tally"])
        let bytes = try bytes(target)
        #expect(made.byteCount == bytes.count && made.changesetCount == 1)
        // Write and read version 2: WAL (https://www.sqlite.org/fileformat.html).
        #expect(bytes[18...19] == [2, 2])
        let backup = Copy(dataset: try Dataset.open(path: target), person: mina.person)
        #expect(backup.dataset.id == mina.dataset.id)
        #expect(try backup.dataset.lines() == mina.dataset.lines())
        #expect(try backup.verification(in: folder).faults == [])
        try backup.edit(korea, .figure(2))
        backup.dataset.close()
        #expect(folder.names.filter { $0.hasPrefix("a") } == ["a #?%.tally"])
    }

    @Test("a file with several conflicts is sound in the eyes of SQLite, and is backed up")
    func conflicts() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let jun = try folder.copy("jun", of: mina)
        try mina.edit(korea, .figure(1))
        try jun.edit(korea, .figure(2))
        try mina.pull(from: jun)
        _ = try mina.dataset.backUp(to: folder.file("b.tally"))
        #expect(try Dataset.open(path: folder.file("b.tally")).read { try $0.conflictCount() } == 1)
    }

    @Test("what is committed while pages are copied is not in the backup, not even in part")
    func oneMoment() throws {
        let folder = try TestFolder()
        let mina = try large(folder)
        let other = Copy(
            dataset: try Dataset.open(path: mina.dataset.path), person: mina.person)
        var steps = 0
        let made = try mina.dataset.backUp(
            to: folder.file("b.tally"),
            progress: { done, total in
                steps += 1
                if done < total { _ = try? other.edit(korea, .figure(Double(steps))) }
            })
        try #require(steps > 1)
        #expect(try other.dataset.lines().count == made.changesetCount + steps - 1)
        let backup = Copy(
            dataset: try Dataset.open(path: folder.file("b.tally")), person: mina.person)
        #expect(try backup.dataset.lines().count == made.changesetCount)
        #expect(try backup.view(korea).row == nil)
        #expect(try backup.verification(in: folder).faults == [])
    }

    @Test("an interrupted backup leaves nothing")
    func interrupted() throws {
        let folder = try TestFolder()
        let mina = try large(folder)
        let before = folder.names
        var asked = 0
        let error = #expect(throws: StoreError.self) {
            try mina.dataset.backUp(
                to: folder.file("b.tally"),
                isInterrupted: {
                    asked += 1
                    return asked > 1
                })
        }
        #expect(error == StoreError(.interrupted, "Interrupted; no backup was made"))
        #expect(folder.names == before)
    }

    @Test("what a killed backup left is taken over; a running one is not disturbed")
    func leftovers() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .figure(1))
        let (target, part) = (folder.file("b.tally"), folder.file("b.tally.part"))
        try Data(repeating: 0x55, count: 1 << 20).write(to: URL(fileURLWithPath: part))
        for ending in ["-wal", "-shm", "-journal"] {
            try Data("left".utf8).write(to: URL(fileURLWithPath: part + ending))
        }
        let running = open(part, O_RDWR)
        defer { close(running) }
        try #require(flock(running, LOCK_EX | LOCK_NB) == 0)
        #expect(
            throws: StoreError(
                .busy, "\(target) is being made by another program",
                hint: "Wait until it has finished, or choose another name.")
        ) { try mina.dataset.backUp(to: target) }
        #expect(try bytes(part).count == 1 << 20)
        flock(running, LOCK_UN)

        _ = try mina.dataset.backUp(to: target)
        #expect(folder.names.filter { $0.hasPrefix("b") } == ["b.tally"])
        #expect(try Dataset.open(path: target).lines() == mina.dataset.lines())
    }

    @Test("a file that is there is not replaced, whenever it appeared")
    func existing() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .figure(1))
        for appearsBefore in [true, false] {
            let target = folder.file("b-\(appearsBefore).tally")
            let appear = { try Data("mine".utf8).write(to: URL(fileURLWithPath: target)) }
            if appearsBefore { try appear() }
            #expect(
                throws: StoreError(
                    .fileExists, "\(target) exists already; it was left as it is",
                    hint: "Choose another name, or remove the file first.")
            ) { try mina.dataset.backUp(to: target, progress: { _, _ in try? appear() }) }
            #expect(try bytes(target) == Array("mine".utf8))
        }
        #expect(!folder.names.contains { $0.hasSuffix(".part") })
        let nowhere = #expect(throws: StoreError.self) {
            try mina.dataset.backUp(to: folder.file("no/b.tally"))
        }
        #expect(nowhere?.code == .cannotCreate)
    }

    @Test("a damaged file gives no backup that looks whole")
    func damaged() throws {
        let folder = try TestFolder()
        let mina = try large(folder)
        mina.dataset.close()
        let file = try #require(FileHandle(forWritingAtPath: mina.dataset.path))
        try file.seek(toOffset: 4096 * 1000)
        try file.write(contentsOf: Data(repeating: 0x55, count: 4096 * 20))
        try file.close()
        let again = try Dataset.open(path: mina.dataset.path, readOnly: true)
        let error = #expect(throws: StoreError.self) {
            try again.backUp(to: folder.file("b.tally"))
        }
        #expect(error?.code == .damaged)
        #expect(error?.message.hasPrefix("\(mina.dataset.path) is damaged: ") == true)
        again.close()
        #expect(folder.names == ["mina.tally"])
    }

    @Test("a backup is no wider open than the file")
    func permissions() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        chmod(mina.dataset.path, 0o600)
        _ = try mina.dataset.backUp(to: folder.file("b.tally"))
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("b.tally"))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }
}
