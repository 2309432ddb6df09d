import Foundation
import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire

/// Bytes as a dataset file.
///
/// The first byte says how: 0x80, the rest is the file; else the rest are patches of a sound file (`patched`), which with
/// 0x40 is cut. 0x20: the sound file has a write-ahead log, which is patched as if it stood behind the file. The lowest two bits say what is done: the
/// doctor's report, the doctor's saving into another file, reading, writing.
///
/// - Nothing but `StoreError` is thrown; for a line that is taken, `LineFault`.
/// - What only reads leaves the file as it was; the doctor also leaves nothing beside it, but an index to
///   a log that has none.
final class FilesTarget: FuzzTarget {
    private let folder: TestFolder
    private let atRest: [UInt8]
    private let open: (file: [UInt8], log: [UInt8])
    private let line: [UInt8]

    init() throws {
        folder = try TestFolder()
        let lines = try fixture("lines/valid.jsonl").split(separator: 0x0a).map(Array.init)
        let random = TestRandom(seed: 7)
        let path = folder.file("sound.tally")
        var dataset = try Dataset.create(
            path: path, name: "sound", id: try ChangesetLine(lines[0]).dataset(),
            randomBytes: random.bytes)
        _ = try dataset.take(lines, durable: false)
        let mina = Copy(dataset: dataset, person: Person("mina"))
        try mina.write { editor in
            for year in 2000..<2024 {
                let record = try wanted(RecordAddress("trade/KOR/CHN/X/TOTAL/\(year)/motie"))
                try editor.edit(record, [.figure(Double(year))])
            }
        }
        try dataset.writeLocally { access in
            try access.saveRemote("origin", url: "https://hub.example.org/korea")
        }
        dataset.close()
        atRest = Self.bytes(path) ?? []
        dataset = try Dataset.open(path: path)
        let more = Copy(dataset: dataset, person: mina.person)
        try more.edit(korea, .note("not folded back yet"))
        open = (Self.bytes(path) ?? [], Self.bytes(path + "-wal") ?? [])
        dataset.close()
        line = try Self.lineOfStranger(lines[0])
    }

    private static func lineOfStranger(_ line: [UInt8]) throws -> [UInt8] {
        try ChangesetLine(line).rewritten(
            with: try Signing().stranger, seq: 1, previous: nil, seen: []
        ).bytes
    }

    private static func bytes(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path).map(Array.init)
    }

    // MARK: Making the file

    private func made(_ bytes: [UInt8]) -> (file: [UInt8], log: [UInt8]?) {
        guard let how = bytes.first else { return ([], nil) }
        let rest = bytes.dropFirst()
        if how & 0x80 != 0 { return (Array(rest), nil) }
        let hasLog = how & 0x20 != 0
        let all = patched(hasLog ? open.file + open.log : atRest, isCut: how & 0x40 != 0, rest)
        guard hasLog else { return (all, nil) }
        return (Array(all.prefix(open.file.count)), Array(all.dropFirst(open.file.count)))
    }

    func check(_ bytes: [UInt8]) throws {
        let (file, log) = made(bytes)
        let place = folder.file("case")
        let path = place + "/case.tally"
        func put() throws {
            try? FileManager.default.removeItem(atPath: place)
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true)
            try Data(file).write(to: URL(fileURLWithPath: path))
            if let log { try Data(log).write(to: URL(fileURLWithPath: path + "-wal")) }
        }
        func isAsItWas() -> Bool { Self.bytes(path) == file }

        try put()
        switch (bytes.first ?? 0) & 3 {
        case 0, 1:
            let doctor = Doctor(path, temporaryFolder: folder.path)
            _ = doctor.mayHaveLostItsFirstPage
            if (bytes.first ?? 0) & 1 == 0 {
                try Self.store { _ = try doctor.examine(identities: nil) }
            } else {
                try checkSaving(doctor)
            }
            require(isAsItWas() && Self.bytes(path + "-wal") == log, "the doctor changed the file")
            let names = try FileManager.default.contentsOfDirectory(atPath: place)
            // SQLite reads a log by an index, and makes the one that is missing.
            let left =
                log == nil ? ["case.tally"] : ["case.tally", "case.tally-shm", "case.tally-wal"]
            require(names.allSatisfy(left.contains), "the doctor left something: \(names)")
        case 2:
            try Self.store { try checkReading(Dataset.open(path: path, readOnly: true)) }
            // One that has a log is folded back by the last to close it.
            if log == nil { require(isAsItWas(), "reading changed the file") }
        default:
            try Self.store { try checkWriting(Dataset.open(path: path, waitSeconds: 0)) }
        }
    }

    // MARK: Using it

    private static func store(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as StoreError {
            require(!error.message.isEmpty, "a fault without a message")
        }
    }

    private func checkSaving(_ doctor: Doctor) throws {
        try Self.store { _ = try doctor.save(into: folder.file("saved.tally")) }
        for name in folder.names where name != "sound.tally" && name != "case" {
            require(name.hasPrefix("saved.tally"), "the doctor left \(name)")
            try FileManager.default.removeItem(atPath: folder.file(name))
        }
    }

    private func checkReading(_ dataset: Dataset) throws {
        defer { dataset.close() }
        try Self.store { try Self.readAll(dataset) }
        try Self.store { _ = try dataset.verify(temporaryPath: folder.file("verify.tally")) }
        require(!folder.names.contains("verify.tally"), "verify left its file")
    }

    private static func readAll(_ dataset: Dataset) throws {
        try dataset.read { access in
            for kind in access.kinds.all {
                try store { try access.forEachRow(of: kind) { _ in } }
            }
            try store { _ = try access.counts() }
            try store { _ = try access.conflicts() }
            try store { _ = try access.recordsBeyondSchema() }
            try store { _ = try access.lines(after: 0, maximumCount: 1000, maximumBytes: 1 << 20) }
            try store {
                for info in try access.latestChangesets(limit: 50) {
                    _ = try access.changeset(at: info.position)
                }
            }
            try store { _ = try access.view(wanted(RecordAddress(korea))) }
        }
    }

    private func checkWriting(_ dataset: Dataset) throws {
        defer { dataset.close() }
        try Self.store { try Self.readAll(dataset) }
        do {
            _ = try dataset.take([line], after: .setBack, durable: false)
        } catch is LineFault {} catch is StoreError {}
        let mina = Copy(dataset: dataset, person: Person("mina"))
        try Self.store { try mina.edit(korea, .note("written after all")) }
    }
}
