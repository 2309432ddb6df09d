import Foundation
import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire

/// Bytes as a snapshot that a hub hands out.
///
/// The first byte says how: 0x80, the rest is the file; else the rest are patches of a sound one (`patched`), which with
/// 0x40 is cut.
///
/// - Nothing but `SnapshotFault` and `StoreError` is thrown, and then there is no file.
/// - A file that is there holds the log that was signed, can be read and written, and `verify` says what is wrong with it
///   or nothing.
final class SnapshotsTarget: FuzzTarget {
    private let folder: TestFolder
    private let origin: ReceivedSnapshot.Origin
    private let sound: [UInt8]
    private let signed: Set<ChangesetHash>

    init() throws {
        folder = try TestFolder()
        let lines = try fixture("lines/valid.jsonl").split(separator: 0x0a).map(Array.init)
        let dataset = try Dataset.create(
            path: folder.file("sound.tally"), name: "sound",
            id: try ChangesetLine(lines[0]).dataset())
        defer { dataset.close() }
        _ = try dataset.take(lines, durable: false)
        signed = Set(try lines.map { try ChangesetLine($0).hash })
        origin = ReceivedSnapshot.Origin(
            dataset: dataset.id, name: "korea", remote: "origin",
            url: "https://hub.example.org/korea")
        let snapshot = try dataset.makeSnapshot(beside: folder.file("snapshot"))
        sound = try snapshot.file.bytes(at: 0, count: snapshot.file.byteCount)
    }

    func check(_ bytes: [UInt8]) throws {
        let how = bytes.first ?? 0x80
        let rest = bytes.dropFirst()
        let file =
            how & 0x80 != 0 ? Array(rest) : patched(sound, isCut: how & 0x40 != 0, rest)
        let path = folder.file("case.tally")
        defer {
            for name in folder.names where name.hasPrefix("case") {
                try? FileManager.default.removeItem(atPath: folder.file(name))
            }
        }
        let mina = Person("mina")
        do {
            let received = try ReceivedSnapshot(for: path)
            try received.append(file)
            try received.adopt(from: origin, at: mina.workplace)
        } catch is SnapshotFault {
            return require(!folder.names.contains("case.tally"), "it is refused, and is there")
        } catch is StoreError {
            return require(!folder.names.contains("case.tally"), "it is refused, and is there")
        }
        let dataset = try Dataset.open(path: path)
        defer { dataset.close() }
        let lines = try dataset.read {
            try $0.lines(after: 0, maximumCount: .max, maximumBytes: .max / 2).lines
        }
        let hashes = try lines.map { try ChangesetLine($0).hash }
        require(signed.isSuperset(of: hashes), "it holds lines that nobody signed")
        do {
            _ = try dataset.verify(temporaryPath: folder.file("case.verify"))
            try Copy(dataset: dataset, person: mina).edit(korea, .note("written after all"))
        } catch let error as StoreError {
            require(!error.message.isEmpty, "a fault without a message")
        }
    }
}
