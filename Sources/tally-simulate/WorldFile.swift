import ArgumentParser
import TallySimulator
import TallyStore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that hold a world, read before any is played, and written when one was shrunk.
enum WorldFile {
    private static let maximumBytes = 1 << 24

    /// Says of every file that holds no world why, and ends with the status of the first.
    static func read(_ paths: [String]) throws -> [(path: String, plan: WorldPlan)] {
        var status: Int32?
        var worlds: [(path: String, plan: WorldPlan)] = []
        for path in paths {
            do throws(Refusal) {
                worlds.append((path, try read(path)))
            } catch {
                Console.report("\(path): \(error.reason)")
                status = status ?? error.status
            }
        }
        if let status { throw ExitCode(status) }
        return worlds
    }

    private struct Refusal: Error {
        let status: Int32
        let reason: String
    }

    private static func read(_ path: String) throws(Refusal) -> WorldPlan {
        if isFolder(path) { throw Refusal(status: 65, reason: "a folder, and no world") }
        do {
            guard let bytes = try FileBytes.read(path, limit: maximumBytes) else {
                throw Refusal(status: 66, reason: "there is no such file")
            }
            return try WorldPlan(bytes)
        } catch let fault as WorldFileFault {
            throw Refusal(status: 65, reason: fault.reason)
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            let status: Int32 = (error as? StoreError)?.code == .notPermitted ? 77 : 65
            throw Refusal(status: status, reason: "\(error)")
        }
    }

    /// Ends with 73 where a file could not be made at `path`: shrinking takes long, and nothing is written over.
    static func checkIsNew(_ path: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        var status = stat()
        let reason: String
        if path.isEmpty || path.hasSuffix("/") {
            reason = "no name of a file"
        } else if lstat(path, &status) == 0 {
            reason = "it is there already"
        } else if !isFolder(folder) {
            reason = "there is no folder \(folder)"
        } else if access(folder, W_OK | X_OK) != 0 {
            reason = "nothing can be written in \(folder)"
        } else {
            return
        }
        Console.report("\(path) is not written: \(reason)")
        throw ExitCode(73)
    }

    /// Puts a world where nothing is yet.
    static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw FileBytes.failure("\(path) cannot be made", .cannotCreate)
        }
        defer { close(descriptor) }
        do {
            try FileBytes.writeAll(Array(text.utf8), to: descriptor, path)
        } catch {
            unlink(path)
            throw error
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
