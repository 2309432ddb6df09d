import Foundation
import StoreTestSupport
import TallyCore
import TallyStore
import TallyZstd

@testable import TallySync
@testable import TallyWire

/// Bytes as a bundle that somebody brings.
///
/// The first byte says how: 0x80, the rest is the file; else it is the text of one, which is packed. Then the last line is
/// made, as that of a whole bundle, but for 0x04. 0x01: each changeset is signed anew, 0x02: and the first line says of them
/// what is so.
///
/// - Nothing but `SyncError` and `StoreError` is thrown, with a reason that can be shown.
/// - What is called damaged, newer or of a later beginning has changed nothing; a copy that takes something is sound.
final class BundlesTarget: FuzzTarget {
    private let folder: TestFolder
    private let signing: Signing
    private let sound: [UInt8]
    private let compressor = ZstdCompressor(level: 1)

    init() throws {
        folder = try TestFolder()
        signing = try Signing()
        // A bundle may go on from there.
        let path = try makeFirstLineFile(in: folder)
        sound = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    func check(_ bytes: [UInt8]) throws {
        let (bundle, copy) = (folder.file("case.bundle"), folder.file("case.tally"))
        try Data(file(bytes)).write(to: URL(fileURLWithPath: bundle))
        try Data(sound).write(to: URL(fileURLWithPath: copy))
        defer {
            for name in folder.names where name.hasPrefix("case") {
                try? FileManager.default.removeItem(atPath: folder.file(name))
            }
        }
        let dataset = try Dataset.open(path: copy)
        defer { dataset.close() }
        let before = try Contents(of: dataset)
        var refusal: SyncError.Code?
        do {
            let transport = BundleTransport(try BundleFile(bundle))
            _ = try SyncDriver(
                dataset, with: transport, as: bundle, workplace: Person("mina").workplace
            ).run(.pull)
        } catch let error as SyncError {
            require(
                Shape.isLine(error.message, maximumBytes: 4000), "a reason that cannot be shown")
            if [.damaged, .newerFormat, .missing].contains(error.code) { refusal = error.code }
        } catch let error as StoreError {
            require(!error.message.isEmpty, "a fault without a message")
        }
        guard try Contents(of: dataset) != before else { return }
        if let refusal { fail("\(refusal): something was taken") }
        let faults = try dataset.verify(temporaryPath: folder.file("case.verify")).faults
        require(faults.isEmpty, "a bundle was taken, and the copy is not sound: \(faults)")
    }

    private func file(_ bytes: [UInt8]) -> [UInt8] {
        guard let how = bytes.first else { return [] }
        let rest = bytes.dropFirst()
        if how & 0x80 != 0 { return Array(rest) }
        var lines = rest.split(separator: 0x0a, omittingEmptySubsequences: false).map(Array.init)
        if how & 0x01 != 0 {
            for index in lines.indices.dropFirst() { lines[index] = signing.signed(lines[index]) }
        }
        if how & 0x02 != 0, let header = header(lines) { lines[0] = header }
        if how & 0x04 == 0 {
            var digest = LineDigest()
            for line in lines { digest.take(line) }
            lines.append(BundleEnd(count: lines.count - 1, digest: digest.text).line)
        }
        return compressor.compress(Array(lines.joined(separator: [0x0a])) + [0x0a])
    }

    /// The first line, as it would be of the lines that follow; nil where it is none, or these are no beginning of a log.
    private func header(_ lines: [[UInt8]]) -> [UInt8]? {
        guard let first = lines.first, let said = try? JSONValue(parsing: first),
            let dataset = said["dataset"]?.string.flatMap({ DatasetID($0) })
        else { return nil }
        var heads: [ReplicaID: Head] = [:]
        var since: [ReplicaID: Head] = [:]
        for bytes in lines.dropFirst() {
            guard let line = try? ChangesetLine(bytes), let replica = try? line.replica(),
                let seq = try? line.seq()
            else { return nil }
            if heads[replica] == nil, seq > 1, let previous = try? line.previous() {
                since[replica] = Head(seq: seq - 1, hash: previous)
            }
            heads[replica] = Head(seq: seq, hash: line.hash)
        }
        return BundleHeader(dataset: dataset, name: "korea", since: since, heads: heads, hub: nil)?
            .line
    }
}
