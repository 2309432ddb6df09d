import TallyCore
import TallyStore

/// What a bundle that was made holds.
public struct Bundled: Sendable, Equatable {
    public let header: BundleHeader
    public let byteCount: Int
}

extension Dataset {
    /// Writes the changesets that somebody lacks into a file, as of one moment, whoever writes meanwhile. It appears when it
    /// is whole.
    ///
    /// - Parameters:
    ///   - known: what they are known to hold; of what is not here too, nothing is said.
    ///   - target: the file to make; it must not be there yet.
    ///   - progress: told the number of changesets done and of all.
    /// - Returns: nil when they lack nothing: then no file is made.
    /// - Throws: `StoreError`; nothing is left of a bundle that did not come about.
    /// - Complexity: O(lines from the first that is lacked); memory O(the longest line).
    public func bundle(
        since known: RevisionVector = RevisionVector(), to target: String,
        isInterrupted: () -> Bool = { false }, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> Bundled? {
        let made: (part: PartFile, bundled: Bundled)? = try read { access in
            let header = try access.bundleHeader(since: known)
            guard header.count > 0 else { return nil }
            let part = try PartFile(for: target, mode: copyMode)
            var (packer, digest, done) = (BundlePacker(into: part), LineDigest(), 0)
            func add(_ line: [UInt8]) throws {
                if isInterrupted() {
                    throw StoreError(.interrupted, "Interrupted; no bundle was made")
                }
                digest.take(line)
                try packer.add(line)
            }
            try add(header.line)
            try access.forEachLine(lackedBy: header.since.mapValues(\.seq)) { line in
                try add(line)
                done += 1
                progress(done, header.count)
            }
            try packer.add(BundleEnd(count: done, digest: digest.text).line)
            try packer.finish()
            return (part, Bundled(header: header, byteCount: packer.byteCount))
        }
        guard let made else { return nil }
        // A file at rest that was written meanwhile is noticed at the end of the reading.
        try made.part.sync()
        try made.part.place()
        return made.bundled
    }
}

extension DatasetAccess {
    fileprivate func bundleHeader(since known: RevisionVector) throws -> BundleHeader {
        var since: [ReplicaID: Head] = [:]
        for (replica, head) in heads {
            let seq = min(known[replica], head.seq)
            if seq > 0 {
                since[replica] = Head(seq: seq, hash: try info(of: Revision(replica, seq)).hash)
            }
        }
        let hubs = try remotes().filter(\.isHub)
        let hub = hubs.reduce(into: RevisionVector()) { $0.merge($1.vector ?? RevisionVector()) }
        let header = BundleHeader(
            dataset: dataset, name: try name(), since: since, heads: heads,
            hub: hubs.isEmpty ? nil : hub)
        guard let header else { preconditionFailure("a bundle ends at or behind its beginning") }
        return header
    }
}
