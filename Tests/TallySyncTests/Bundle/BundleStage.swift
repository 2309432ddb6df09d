import Crypto
import Foundation
import StoreTestSupport
import TallyCore
import TallyStore
import TallySync
import TallyZstd

/// Bundles of copies in a folder, made, taken and spoilt.
struct BundleStage {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// - Returns: the path of a bundle of what somebody who holds `known` lacks.
    @discardableResult
    func bundle(
        _ name: String, of copy: Copy, since known: RevisionVector = RevisionVector()
    ) throws -> String {
        let path = folder.file(name)
        _ = try wanted(copy.dataset.bundle(since: known, to: path))
        return path
    }

    @discardableResult
    func sync(
        _ copy: Copy, _ path: String, _ direction: SyncSession.Direction = .pull,
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) throws -> SyncOutcome {
        var workplace = copy.person.workplace
        workplace.isInterrupted = isInterrupted
        let transport = BundleTransport(try BundleFile(path))
        return try SyncDriver(copy.dataset, with: transport, as: path, workplace: workplace)
            .run(direction)
    }

    func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let path = folder.file(name)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// A bundle of these lines, packed anew.
    func write(lines: [String], to name: String) throws -> String {
        try write(
            Zstd.compress(Array(lines.map { $0 + "\n" }.joined().utf8)), to: name)
    }

    /// The lines of a bundle, its first and last among them.
    func lines(of path: String) throws -> [String] {
        let text = String(
            decoding: try Zstd.decompress(bytes(path), limit: 1 << 30), as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }
}

extension BundleStage {
    /// A bundle of these lines with the end that belongs to them.
    func write(sealed lines: [String], to name: String) throws -> String {
        var digest = SHA256()
        for line in lines { digest.update(data: Array("\(line)\n".utf8)) }
        let hex = digest.finalize().map { String(format: "%02x", $0) }.joined()
        let end = #"{"end":\#(lines.count - 1),"sha256":"\#(hex)"}"#
        return try write(lines: lines + [end], to: name)
    }
}
