import Foundation
import GRDB
import StoreTestSupport
import TallyCore
import TallySimulator
import TallyStore
import TallyWire
import Testing

/// Files of which every page in turn is lost.
struct SalvageTests {
    private static let pageBytes = 4096

    /// A closed dataset of two replicas, with conflicts, and lines that take more than a page.
    private struct Original {
        let folder: TestFolder
        let bytes: [UInt8]
        let lines: [[UInt8]]
        let state: [[SQLValue]]
        let heads: [ReplicaID: Head]
        /// The pages of the log itself.
        let logPages: Set<Int>
        let pageCount: Int
        let id: DatasetID

        init() throws {
            folder = try TestFolder()
            let mina = try folder.copy("mina")
            let jun = try folder.copy("jun", of: mina)
            var random = SeededGenerator(seed: 7)
            for index in 0..<24 {
                let writer = index % 3 == 2 ? jun : mina
                let length = index % 8 == 5 ? 12_000 : 40
                let noise = (0..<length).map { _ in
                    "abcdefghijklmnopqrstuvwxyz0123456789".randomElement(using: &random) ?? "a"
                }
                try writer.edit(
                    "trade/KOR/CHN/X/TOTAL/\(2000 + index / 2)/motie", .note(String(noise)))
                if index % 6 == 5 {
                    try mina.pull(from: jun)
                    try jun.pull(from: mina)
                }
            }
            try mina.pull(from: jun)
            try mina.dataset.writeLocally { access in
                try access.saveRemote("origin", url: "https://hub.example.org/korea")
                try access.rememberShown(try access.conflicts(), isWhole: true)
            }
            lines = try mina.dataset.lines()
            state = try Self.state(of: mina.dataset)
            heads = try mina.dataset.read(\.heads)
            id = mina.dataset.id
            mina.dataset.close()
            let queue = try DatabaseQueue(path: mina.dataset.path)
            logPages = Set(
                try queue.read {
                    try Int.fetchAll($0, sql: "SELECT pageno FROM dbstat WHERE name = 'tally_log'")
                })
            try queue.close()
            bytes = Array(try Data(contentsOf: URL(fileURLWithPath: mina.dataset.path)))
            pageCount = bytes.count / SalvageTests.pageBytes
        }

        static func state(of dataset: Dataset) throws -> [[SQLValue]] {
            try ["trade", "event", "setting", "tally_conflict", "tally_state", "tally_touch"]
                .flatMap {
                    try dataset.rows("SELECT * FROM \($0)")
                }
        }
    }

    enum Fault: String, CaseIterable {
        case noise
        /// A write that went to the wrong place.
        case otherPage

        func page(_ number: Int, of bytes: [UInt8]) -> [UInt8] {
            let size = SalvageTests.pageBytes
            switch self {
            case .noise:
                var random = SeededGenerator(seed: UInt64(number))
                return (0..<size).map { _ in UInt8(truncatingIfNeeded: random.below(256)) }
            case .otherPage:
                let other = (number * size) % bytes.count
                return Array(bytes[other..<(other + size)])
            }
        }
    }

    @Test(
        "whichever page is lost: nothing crashes, the file stays as it is, and all but its log is made anew",
        arguments: Fault.allCases)
    func everyPage(fault: Fault) throws {
        let original = try Original()
        try #require(original.logPages.count > 8 && original.pageCount > 30)
        for number in 1...original.pageCount {
            let place: Comment = "\(fault) on page \(number)"
            var bytes = original.bytes
            let start = (number - 1) * Self.pageBytes
            bytes.replaceSubrange(
                start..<(start + Self.pageBytes), with: fault.page(number, of: bytes))
            let folder = try TestFolder()
            let path = folder.file("damaged.tally")
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            try use(path, folder, place)
            #expect(Array(try Data(contentsOf: URL(fileURLWithPath: path))) == bytes, place)
            try examine(path, folder, isNoticed: fault != .otherPage, place)
            #expect(Array(try Data(contentsOf: URL(fileURLWithPath: path))) == bytes, place)
            #expect(folder.names == ["damaged.tally"], place)
            #expect(throws: Never.self, place) {
                try save(
                    path, folder, original, isWhole: !original.logPages.contains(number), place)
            }
            #expect(Array(try Data(contentsOf: URL(fileURLWithPath: path))) == bytes, place)
        }
    }

    /// What a user may do with the file: it works, or fails with words.
    private func use(_ path: String, _ folder: TestFolder, _ place: Comment) throws {
        for isReadOnly in [true, false] {
            do {
                let dataset = try Dataset.open(path: path, readOnly: isReadOnly)
                defer { dataset.close() }
                for work in [
                    { _ = try dataset.read { try $0.conflicts() } },
                    { _ = try dataset.read { try $0.latestChangesets(limit: 100) } },
                    { _ = try Original.state(of: dataset) }, { _ = try dataset.lines() },
                    { _ = try dataset.verify(temporaryPath: folder.file("verify.tally")) },
                    { _ = try dataset.backUp(to: folder.file("backup.tally")) },
                ] {
                    do { try work() } catch is StoreError {}
                }
            } catch is StoreError {}
            try? FileManager.default.removeItem(atPath: folder.file("backup.tally"))
        }
    }

    private func examine(
        _ path: String, _ folder: TestFolder, isNoticed: Bool, _ place: Comment
    ) throws {
        do {
            let findings = try Doctor(path, temporaryFolder: folder.path)
                .examine(identities: MemoryIdentities())
            #expect(!isNoticed || findings.contains { $0.severity == .damage }, place)
        } catch let error as StoreError {
            #expect(error.code == .notADataset, place)
        }
    }

    private func save(
        _ path: String, _ folder: TestFolder, _ original: Original, isWhole: Bool, _ place: Comment
    ) throws {
        let target = folder.file("saved.tally")
        let salvaged = try Doctor(path, temporaryFolder: folder.path).save(into: target)
        let saved = try Dataset.open(path: target)
        let lines = try saved.lines()
        #expect(salvaged.changesetCount == lines.count, place)
        #expect(saved.id == original.id, place)
        #expect(try saved.verify(temporaryPath: folder.file("verify.tally")).faults == [], place)
        if isWhole {
            #expect(salvaged.isWhole, "\(place): \(salvaged)")
            #expect(lines == original.lines, place)
            #expect(try Original.state(of: saved) == original.state, place)
        } else {
            #expect(!salvaged.isWhole, place)
            #expect(lines.allSatisfy(original.lines.contains), place)
            let missing = salvaged.missing.reduce(0) { $0 + $1.seqs.count }
            #expect(
                lines.count + salvaged.unjoinedCount + missing == original.lines.count,
                "\(place): \(salvaged)")
            let unjoined =
                try salvaged.unjoinedPath.map { try String(contentsOfFile: $0, encoding: .utf8) }
                ?? ""
            let apart = unjoined.split(separator: "\n").map { Array($0.utf8) }
            #expect(apart.count == salvaged.unjoinedCount, place)
            #expect(apart.allSatisfy(original.lines.contains), place)
        }
        saved.close()
        let names =
            ["damaged.tally", "saved.tally"]
            + (salvaged.unjoinedCount > 0 ? ["saved.tally.unjoined.jsonl"] : [])
        #expect(folder.names == names, place)
    }

    @Test("of a file that is cut off, what is before the cut is saved", arguments: [1, 3, 8, 20])
    func truncated(pagesLeft: Int) throws {
        let original = try Original()
        let folder = try TestFolder()
        let path = folder.file("damaged.tally")
        let bytes = Array(original.bytes.prefix(Self.pageBytes * pagesLeft + 100))
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let place: Comment = "\(pagesLeft) pages left"
        try use(path, folder, place)
        try examine(path, folder, isNoticed: true, place)
        do {
            let salvaged = try Doctor(path, temporaryFolder: folder.path)
                .save(into: folder.file("saved.tally"))
            let saved = try Dataset.open(path: folder.file("saved.tally"))
            #expect(try saved.lines().count == salvaged.changesetCount)
            #expect(!salvaged.isWhole)
        } catch let error as StoreError {
            #expect(error.code == .damaged)
            #expect(folder.names == ["damaged.tally"])
        }
        #expect(Array(try Data(contentsOf: URL(fileURLWithPath: path))) == bytes)
    }

    @Test("a saved file has the name, the remotes and the replica, and its owner goes on as before")
    func identity() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let first = try mina.edit(korea, .figure(1))
        try mina.dataset.writeLocally {
            try $0.saveRemote("origin", url: "https://hub.example.org/korea")
        }
        let doctor = Doctor(mina.dataset.path, temporaryFolder: folder.path)
        let target = folder.file("saved.tally")
        #expect(try doctor.save(into: target).isWhole)
        let saved = Copy(dataset: try Dataset.open(path: target), person: mina.person)
        #expect(try saved.dataset.read { try $0.name() } == "korea")
        #expect(
            try saved.dataset.read { try $0.remotes().map(\.url) }
                == ["https://hub.example.org/korea"])
        #expect(try saved.dataset.read { try $0.epoch() } != mina.dataset.read { try $0.epoch() })
        let written = try saved.write { try $0.edit(wanted(RecordAddress(korea)), [.figure(2)]) }
        #expect(written.notice == nil)
        #expect(written.revisions == [Revision(first.replica, 2)])
        let beside = try mina.write { try $0.edit(wanted(RecordAddress(korea)), [.figure(3)]) }
        #expect(beside.notice?.contains("it goes on as the new replica") == true)
        #expect(throws: StoreError.self) { try doctor.save(into: target) }
        #expect(try saved.dataset.lines().count == 2)
    }

    @Test("a line that was lost keeps those behind it apart, and they are named")
    func unjoined() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        for value in 1...5 { try mina.edit(korea, .figure(Double(value))) }
        let lines = try mina.dataset.lines()
        let replica = try #require(try mina.dataset.read(\.heads).keys.first)
        mina.dataset.close()
        let plain = try DatabaseQueue(path: mina.dataset.path)
        try plain.writeWithoutTransaction {
            try $0.execute(sql: "UPDATE tally_log SET line = x'00' WHERE position = 3")
        }
        try plain.close()
        let target = folder.file("saved.tally")
        let salvaged = try Doctor(mina.dataset.path, temporaryFolder: folder.path)
            .save(into: target)
        #expect(salvaged.changesetCount == 2 && salvaged.unjoinedCount == 2)
        #expect(salvaged.unreadableCount == 1)
        #expect(salvaged.missing.map(\.text) == ["\(replica):3"])
        let unjoined = try Data(contentsOf: URL(fileURLWithPath: target + ".unjoined.jsonl"))
        #expect(Array(unjoined) == lines[3] + [0x0a] + lines[4] + [0x0a])
        let before = folder.names
        let other = folder.file("other.tally")
        try Data().write(to: URL(fileURLWithPath: other + ".unjoined.jsonl"))
        let error = #expect(throws: StoreError.self) {
            try Doctor(mina.dataset.path, temporaryFolder: folder.path).save(into: other)
        }
        #expect(error?.code == .fileExists)
        #expect(folder.names == (before + ["other.tally.unjoined.jsonl"]).sorted())
    }

    @Test(
        "lines of another dataset are refused by position, wherever they stand", arguments: [1, 3])
    func foreignLine(position: Int) throws {
        let folder = try TestFolder()
        let (mina, jun) = (try folder.copy("mina"), try folder.copy("jun"))
        for copy in [mina, jun] {
            for value in 1...4 { try copy.edit(korea, .figure(Double(value))) }
            copy.dataset.close()
        }
        let id = mina.dataset.id
        let plain = try DatabaseQueue(path: mina.dataset.path)
        try plain.writeWithoutTransaction { db in
            try db.execute(sql: "ATTACH ? AS jun", arguments: [jun.dataset.path])
            try db.execute(
                sql: """
                    UPDATE tally_log SET line = (SELECT line FROM jun.tally_log WHERE position = ?1)
                    WHERE position = ?1
                    """, arguments: [position])
        }
        try plain.close()
        let target = folder.file("saved.tally")
        let salvaged = try Doctor(mina.dataset.path, temporaryFolder: folder.path)
            .save(into: target)
        #expect(salvaged.refused.map(\.position) == [position])
        #expect(salvaged.refused.first?.reason.hasPrefix("the line is of dataset ") == true)
        #expect(salvaged.changesetCount == position - 1)
        #expect(salvaged.unjoinedCount == 4 - position)
        #expect(salvaged.missing.map(\.seqs) == [position...position])
        #expect(!salvaged.isWhole)
        #expect(try Dataset.open(path: target).id == id)
    }

    @Test("an interrupted salvage leaves nothing")
    func interrupted() throws {
        let original = try Original()
        let before = original.folder.names
        let doctor = Doctor(
            original.folder.file("mina.tally"), temporaryFolder: original.folder.path,
            isInterrupted: { true })
        let error = #expect(throws: StoreError.self) {
            try doctor.save(into: original.folder.file("saved.tally"))
        }
        #expect(error?.code == .interrupted)
        #expect(original.folder.names == before)
    }
}
