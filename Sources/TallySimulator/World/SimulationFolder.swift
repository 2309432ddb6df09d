import TallyStore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder in which a process plays its worlds: made anew, mode 0700, under a name that nobody can know before.
public struct SimulationFolder {
    public let path: String

    /// - Parameter base: where it is made; nil for memory where that can be, else `$TMPDIR`, else `/tmp`: the disks of the
    ///   worlds lose what they are told to lose, and nothing else.
    public init(in base: String? = nil) throws {
        var template = Array("\(base ?? Self.base)/tally-simulate-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw FileBytes.failure("No folder can be made in \(base ?? Self.base)", .cannotCreate)
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static var base: String {
        if access("/dev/shm", W_OK | X_OK) == 0 { return "/dev/shm" }
        let variable = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        return variable.isEmpty ? "/tmp" : variable
    }

    public func remove() { FileSystem.remove(path) }

    /// - Throws: where a world that goes well might not find what it needs, so that what the machine lacks is not taken for
    ///   a broken law.
    public func checkRoom() throws {
        var space = statvfs()
        guard statvfs(path, &space) == 0 else {
            throw FileBytes.failure("The room in \(path) cannot be told", .io)
        }
        let freeMiB = (UInt64(space.f_bavail) * UInt64(space.f_frsize)) >> 20
        guard freeMiB >= Self.minimumMiB else {
            throw StoreError(
                .io, "\(path) has \(freeMiB) MiB left",
                hint:
                    "A world needs \(Self.minimumMiB): free some, or name another place with --folder."
            )
        }
        // Some file systems count none.
        guard space.f_files == 0 || space.f_favail >= Self.minimumFiles else {
            throw StoreError(
                .io, "\(path) has room for \(space.f_favail) files",
                hint: "A world needs \(Self.minimumFiles): name another place with --folder.")
        }
        let descriptors = sysconf(Int32(_SC_OPEN_MAX))
        guard descriptors < 0 || descriptors >= Self.minimumDescriptors else {
            throw StoreError(
                .io, "A process may open \(descriptors) files at once",
                hint:
                    "A world needs \(Self.minimumDescriptors): ulimit -n \(Self.minimumDescriptors)"
            )
        }
    }

    private static let minimumMiB = 16
    private static let minimumFiles = 200
    private static let minimumDescriptors = 64
}
