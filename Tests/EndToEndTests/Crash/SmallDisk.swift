import Foundation
import Testing

/// A small disk of its own (tmpfs), which a test can fill. Only programs started through `launcher` see it.
final class SmallDisk {
    /// Whether this user may mount at all.
    static let isPermitted: Bool = {
        let script = "mount -t tmpfs -o size=64k tmpfs /mnt"
        let run = try? Running(
            "/usr/bin/unshare", ["-m", "--propagation", "private", "sh", "-c", script],
            environment: ProcessInfo.processInfo.environment, folder: NSTemporaryDirectory()
        ).wait()
        return run?.status == 0
    }()
    static let whyNot: Comment = "a full disk needs the right to mount one (root)"

    let folder: String
    private let office: Office
    /// Keeps the mount namespace, and with it the disk, for as long as it runs.
    private let keeper: Running

    init(_ office: Office, kib: Int) throws {
        self.office = office
        folder = office.folder + "/disk"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let script =
            "mount -t tmpfs -o size=\(kib)k tmpfs '\(folder)' && echo mounted && exec sleep infinity"
        keeper = try Running(
            "/usr/bin/unshare", ["-m", "--propagation", "private", "sh", "-c", script],
            environment: ProcessInfo.processInfo.environment, folder: office.folder)
        _ = try keeper.waitForLine(beginning: "mounted")
    }

    var launcher: [String] { ["/usr/bin/nsenter", "-t", "\(keeper.id)", "-m"] }

    /// Runs a script on the disk.
    @discardableResult
    func run(_ script: String) throws -> String {
        let words = launcher + ["/usr/bin/env", "-C", folder, "sh", "-c", script]
        let end = try Running(
            words[0], Array(words.dropFirst()), environment: ProcessInfo.processInfo.environment,
            folder: office.folder
        ).wait()
        guard end.status == 0 else { throw Failure("\(script): \(end.errors)") }
        return end.output
    }

    /// Fills the disk but for so much.
    func fill(leavingKiB left: Int) throws {
        try run(
            """
            rm -f filler
            free=$(df -k --output=avail . | tail -n 1)
            if [ "$free" -gt \(left) ]; then head -c $(((free - \(left)) * 1024)) /dev/zero > filler; fi
            """)
    }

    func makeRoom() throws { try run("rm -f filler") }

    /// Somebody whose machine is on the disk, with `korea.tally` and a few records.
    func analyst() throws -> Analyst {
        let home = folder + "/mina"
        try run("mkdir mina")
        var mina = Analyst(name: "mina", machine: "laptop", folder: home, office: office)
        mina.launcher = launcher
        try mina.must("init", "korea.tally", "--name", "korea")
        try write(Workload.csv(Array(0..<20), Workload.value), to: "base.csv")
        try mina.must("import", "base.csv")
        return mina
    }

    /// Writes a file into the analyst's folder.
    func write(_ text: String, to name: String) throws {
        let path = "\(office.folder)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try run("cp '\(path)' mina/")
    }

    func leftovers() throws -> String {
        try run("find . -name '*-wal' -o -name '*-shm' -o -name '*.part' -o -name '*.new'")
    }
}
