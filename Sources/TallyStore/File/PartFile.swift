#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is written beside its place and appears there only when it is whole.
///
/// It is called `FILE.part` meanwhile and locked with flock(2), so that two who make the same file tell each other,
/// and what a killed process left is taken away by the next one. A file that is in its place already is never replaced.
/// It holds a descriptor of the file until it goes: nobody here may have the file open under its new name by then
/// (see `OpenFile`).
package final class PartFile {
    /// Where it is written.
    let path: String
    private let target: String
    let descriptor: Int32
    private var isPlaced = false

    /// - Parameters:
    ///   - mode: the permissions of the file; the user's mask narrows them.
    ///   - timeoutMs: how long to wait for another process that makes the same file.
    /// - Throws: `StoreError`: `fileExists`, `cannotCreate`, or `busy` when another process makes the same file.
    package init(for target: String, mode: mode_t, timeoutMs: Int = 0) throws(StoreError) {
        guard access(target, F_OK) != 0 else { throw StoreError(fileExists: target) }
        let path = target + ".part"
        descriptor = try Self.locked(path, target: target, mode: mode, timeoutMs: timeoutMs)
        self.path = path
        self.target = target
    }

    deinit {
        if !isPlaced { NewFile.remove(path) }
        close(descriptor)
    }

    /// A new file, locked. What a killed process left is taken away first, never written: it may be the second name of a
    /// file that has its place.
    private static func locked(
        _ path: String, target: String, mode: mode_t, timeoutMs: Int
    ) throws(StoreError) -> Int32 {
        var waitedMs = 0
        while true {
            var isNew = true
            var descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
            if descriptor < 0, errno == EEXIST {
                isNew = false
                descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
                if descriptor < 0, errno == ENOENT { continue }
            }
            guard descriptor >= 0 else {
                throw FileBytes.failure("\(target) cannot be made", .cannotCreate)
            }
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                close(descriptor)
                guard waitedMs < timeoutMs else {
                    throw StoreError(
                        .busy, "\(target) is being made by another program",
                        hint: "Wait until it has finished, or choose another name.")
                }
                usleep(10_000)
                waitedMs += 10
                continue
            }
            // Whoever held the lock before may have put this very file in its place, or removed it.
            var (opened, named) = (stat(), stat())
            let isStillNamed =
                fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0
                && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
            if isStillNamed, isNew { return descriptor }
            if isStillNamed {
                for ending in ["", "-wal", "-shm", "-journal"] { unlink(path + ending) }
            }
            close(descriptor)
        }
    }

    /// Takes away what a killed process left of a file that it made, unless somebody is at work on it.
    package static func removeLeft(_ path: String) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { NewFile.remove(path) }
        close(descriptor)
    }

    /// Writes behind what is there.
    package func append(_ bytes: [UInt8]) throws(StoreError) {
        try FileBytes.writeAll(bytes, to: descriptor, target)
    }

    /// Throws away what was written.
    func clear() throws(StoreError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw FileBytes.failure("\(target) cannot be written", .io)
        }
    }

    /// Brings what was written to the disk.
    package func sync() throws(StoreError) {
        guard fsync(descriptor) == 0 else {
            throw FileBytes.failure("\(target) cannot be written", .io)
        }
    }

    /// Gives the file its name, unless another has it by now.
    package func place() throws(StoreError) {
        try Self.place(path, at: target)
        isPlaced = true
    }

    /// Gives a file another name, unless another file has it.
    static func place(_ path: String, at target: String) throws(StoreError) {
        // A second name for the file, then away with the first: unlike rename(2), link(2) replaces nothing.
        if link(path, target) == 0 {
            unlink(path)
        } else if errno == EEXIST {
            throw StoreError(fileExists: target)
        } else {
            try placeWithoutLinks(path, at: target)
        }
        FileBytes.syncFolder(of: target)
    }

    /// FAT, as USB sticks have it, knows no second names: the name is taken by an empty file of ours, which is replaced. There
    /// alone a process that is killed between the two leaves that empty file.
    private static func placeWithoutLinks(_ path: String, at target: String) throws(StoreError) {
        try NewFile.claim(target)
        guard rename(path, target) == 0 else {
            let failure = FileBytes.failure("\(target) cannot be made", .cannotCreate)
            unlink(target)
            throw failure
        }
    }
}
