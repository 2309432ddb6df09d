import TallyCore
import TallyWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Lines that are whole and follow a line that is lost, a line each in a file.
///
/// The file is made when the first of them is met. Not Sendable: one salvage writes it.
final class UnjoinedLines {
    let path: String
    private(set) var count = 0
    private var descriptor: Int32?

    init(_ path: String) { self.path = path }

    deinit {
        if let descriptor { close(descriptor) }
    }

    /// - Parameter fault: why the line was not taken.
    /// - Returns: nil when the line is not to be kept: it is no line of a changeset.
    func take(_ bytes: [UInt8], _ fault: LineFault) throws -> Revision? {
        guard [.gap, .unseen, .fork].contains(fault.word), let line = try? ChangesetLine(bytes),
            let replica = try? line.replica(), let seq = try? line.seq()
        else { return nil }
        try write(bytes + [0x0a])
        count += 1
        return Revision(replica, seq)
    }

    private func write(_ bytes: [UInt8]) throws(StoreError) {
        let descriptor =
            self.descriptor ?? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw FileBytes.failure("\(path) cannot be made", .cannotCreate)
        }
        self.descriptor = descriptor
        try FileBytes.writeAll(bytes, to: descriptor, path)
    }

    /// Brings the file to the disk.
    func finish() throws(StoreError) {
        guard let descriptor else { return }
        guard fsync(descriptor) == 0 else {
            throw FileBytes.failure("\(path) cannot be written", .io)
        }
    }

    /// Takes the file back, if it was made.
    func remove() {
        if descriptor != nil { unlink(path) }
    }
}
