import TallyCore
import TallyStore

/// A bundle, known to be whole: lines of changesets as they are, between a header and an end.
///
/// The text is a line of `BundleHeader`, the lines in causal order, and a line of `BundleEnd`; it is packed as a row of zstd
/// frames (RFC 8878) whose windows take at most 8 MiB, as `zstd` packs and unpacks them. Readers judge a file by its first
/// bytes, which are those of a zstd frame, and then by its first line; never by its name.
public final class BundleFile {
    public let path: String
    public let header: BundleHeader
    /// Of all that is in it: two bundles with one digest are one.
    let digest: String
    private let descriptor: BundleDescriptor

    /// Whether the file begins as a bundle does, and no dataset.
    public static func isBundle(_ path: String) -> Bool {
        FileBeginning.bytes(of: path, count: 4) == [0x28, 0xb5, 0x2f, 0xfd]
    }

    /// Reads the whole bundle, so that one that was cut off or damaged on its way is refused before any of it is taken.
    /// Whether the lines are what their authors signed is seen when they are taken.
    ///
    /// - Parameter progress: told the number of bytes read and of all.
    /// - Throws: `SyncError`, `StoreError`.
    /// - Complexity: O(bundle); memory O(the longest line).
    public init(
        _ path: String, isInterrupted: () -> Bool = { false },
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws {
        do {
            guard Self.isBundle(path) else { throw BundleFault.notABundle }
            let descriptor = try BundleDescriptor(path)
            let lines = BundleLines(descriptor)
            func line() throws -> [UInt8] {
                guard let line = try lines.next() else { throw BundleFault.cut }
                return line
            }
            var digest = LineDigest()
            let first = try line()
            let header = try BundleHeader(line: first)
            digest.take(first)
            for _ in 0..<header.count {
                if isInterrupted() {
                    throw StoreError(.interrupted, "Interrupted; nothing was changed")
                }
                digest.take(try line())
                progress(lines.bytesRead, descriptor.byteCount)
            }
            let end = BundleEnd(count: header.count, digest: digest.text)
            guard BundleEnd(line: try line()) == end else {
                throw BundleFault.damaged("its last line is not of what stands before")
            }
            guard try lines.next() == nil else {
                throw BundleFault.damaged("something stands behind its end")
            }
            (self.path, self.header, self.descriptor) = (path, header, descriptor)
            self.digest = end.digest
        } catch let fault as BundleFault {
            throw SyncError(fault, at: path)
        }
    }

    /// A row of lines that has not been begun: the header is first.
    func lines() -> BundleLines { BundleLines(descriptor) }
}
