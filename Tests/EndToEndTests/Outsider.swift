import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Somebody who may read a file of another, and is bound by its permissions: no root.
///
/// Where the tests run as root this is the user 65534 by setpriv(1), with a copy of the program where anybody may run it;
/// otherwise it is whoever runs the tests.
struct Outsider {
    private let owner: Analyst
    let program: String

    static let isPossible = geteuid() != 0 || access("/usr/bin/setpriv", X_OK) == 0
    static let reason: Comment = "permissions do not bind root, and there is no setpriv"

    init(beside owner: Analyst) throws {
        self.owner = owner
        program = owner.office.folder + "/tally"
        // By a program of its own: one that this process had open for writing could not be started by another test.
        let copied = try owner.run("/bin/cp", [Program.tally.path, program])
        try #require(copied.status == 0, "\(copied.errors)")
        try FileManager.default.createDirectory(
            atPath: owner.folder + "/outside/tmp", withIntermediateDirectories: true)
        for folder in ["/outside", "/outside/tmp"] { chmod(owner.folder + folder, 0o777) }
    }

    func tally(_ arguments: [String]) throws -> Finished {
        try start([program] + arguments).wait()
    }

    /// Starts any program as the outsider.
    func start(_ words: [String]) throws -> Running {
        let user =
            geteuid() == 0
            ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] : []
        let outside = owner.folder + "/outside"
        let places = [
            "HOME=\(outside)", "TMPDIR=\(outside)/tmp", "XDG_CONFIG_HOME=", "XDG_DATA_HOME=",
        ]
        return try owner.start("/usr/bin/env", places + user + words)
    }
}
