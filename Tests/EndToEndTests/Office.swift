import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A temporary folder with a hub and the machines of analysts; gone at the end of the test.
final class Office {
    let folder: String
    private var hub: Running?
    private(set) var hubURL = ""
    private var tokens: [String: String] = [:]

    init() throws {
        folder = NSTemporaryDirectory() + "tally-office-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder + "/hub", withIntermediateDirectories: true)
    }

    deinit {
        hub = nil
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Two analysts, of whom the first has made a dataset.
    static func pair() throws -> (mina: Analyst, jun: Analyst) {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        return (mina, try office.analyst("jun", machine: "desk-2"))
    }

    func analyst(_ name: String, machine: String) throws -> Analyst {
        let home = "\(folder)/\(name)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        return Analyst(name: name, machine: machine, folder: home, office: self)
    }

    /// Starts the hub on a free port, or on the port that it had.
    @discardableResult
    func startHub(environment extra: [String: String] = [:]) throws -> Running {
        let port = hubURL.split(separator: ":").last.map(String.init) ?? "0"
        hub = nil
        let running = try Running(
            Program.hub.path, ["serve", "--data", folder + "/hub", "--port", port],
            environment: ProcessInfo.processInfo.environment.merging(extra) { $1 }, folder: folder)
        hubURL = try running.waitForLine(beginning: "Listening on ")
        hub = running
        return running
    }

    /// What the hub that runs has written to its log.
    var log: String { hub?.errors ?? "" }

    /// Ends the hub at once, as a crash does.
    func killHub() {
        guard let hub else { return }
        kill(hub.id, SIGKILL)
        _ = hub.wait()
        self.hub = nil
    }

    /// Stops the hub as a service manager does.
    func stopHub() {
        guard let hub else { return }
        kill(hub.id, SIGTERM)
        _ = hub.wait()
        self.hub = nil
    }

    func token(for name: String, dataset: String, role: String) throws -> String {
        try token(for: name, datasets: [dataset], role: role)
    }

    func token(for name: String, datasets: [String], role: String) throws -> String {
        let made = try Running(
            Program.hub.path,
            ["token", "create", "--data", folder + "/hub", "--name", name, "--role", role]
                + datasets.flatMap { ["--dataset", $0] },
            environment: ProcessInfo.processInfo.environment, folder: folder
        ).wait()
        guard made.status == 0, let token = made.output.split(whereSeparator: \.isWhitespace).last
        else {
            throw Failure("no token: \(made.errors)")
        }
        return String(token)
    }
}

/// Somebody with a machine of their own: keys, settings and a dataset file `korea.tally`.
struct Analyst {
    let name: String
    let machine: String
    let folder: String
    /// Held, so that the folder stays while somebody works in it.
    let office: Office
    /// What starts a program where this folder is, if it is not here.
    var launcher: [String] = []

    var file: String { folder + "/korea.tally" }

    func environment(_ extra: [String: String] = [:]) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        for variable in ["TALLY_TOKEN", "TALLY_FILE", "NO_COLOR", "http_proxy", "https_proxy"] {
            environment[variable] = nil
        }
        environment["TALLY_AUTHOR"] = name
        environment["TALLY_MACHINE"] = machine
        environment["XDG_CONFIG_HOME"] = folder + "/.config"
        environment["XDG_DATA_HOME"] = folder + "/.data"
        environment["TALLY_REPLICAS"] = nil
        return environment.merging(extra) { $1 }
    }

    /// Runs `tally` in the analyst's folder.
    @discardableResult
    func tally(
        _ arguments: String..., input: String? = nil, environment extra: [String: String] = [:]
    ) throws -> Finished {
        try tally(arguments, input: input, environment: extra)
    }

    func tally(
        _ arguments: [String], input: String? = nil, environment extra: [String: String] = [:]
    ) throws -> Finished {
        try start(arguments, input: input, environment: extra).wait()
    }

    /// Starts `tally` in the analyst's folder, and does not wait for it.
    func start(
        _ arguments: [String], input: String? = nil, environment extra: [String: String] = [:]
    ) throws -> Running {
        if launcher.isEmpty {
            return try Running(
                Program.tally.path, arguments, environment: environment(extra), folder: folder,
                input: input)
        }
        let inside = ["/usr/bin/env", "-C", folder, Program.tally.path]
        return try Running(
            launcher[0], Array(launcher.dropFirst()) + inside + arguments,
            environment: environment(extra), folder: office.folder, input: input)
    }

    /// The same machine once more, as it is now: file, keys and settings. What happens to it does not happen here.
    func copied(as folderName: String) throws -> Analyst {
        let copy = "\(office.folder)/\(folderName)"
        try FileManager.default.copyItem(atPath: folder, toPath: copy)
        return Analyst(name: name, machine: machine, folder: copy, office: office)
    }

    /// Starts `tally` and does not wait for its end.
    func start(_ arguments: String..., environment extra: [String: String] = [:]) throws -> Running
    {
        try Running(
            Program.tally.path, arguments, environment: environment(extra), folder: folder)
    }

    /// Runs `tally`, which must succeed.
    @discardableResult
    func must(
        _ arguments: String..., input: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Finished {
        let finished = try tally(arguments, input: input)
        try #require(
            finished.status == 0, "tally \(arguments.joined(separator: " ")): \(finished.errors)",
            sourceLocation: sourceLocation)
        return finished
    }

    /// Starts any program and does not wait for it.
    ///
    /// - Parameter input: the path of what it reads.
    func start(_ program: String, _ arguments: [String], input: String = "/dev/null") throws
        -> Running
    {
        try Running(
            program, arguments, environment: environment([:]), folder: folder, inputPath: input)
    }

    /// Runs any program in the analyst's folder.
    func run(_ program: String, _ arguments: [String], input: String? = nil) throws -> Finished {
        try Running(program, arguments, environment: environment([:]), folder: folder, input: input)
            .wait()
    }

    /// Gets a token for the dataset korea at the office's hub, and keeps it.
    func logIn(as role: String) throws {
        let token = try office.token(for: name, dataset: "korea", role: role)
        try must("login", office.hubURL, input: token + "\n")
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }

    /// What is in the folder, but for hidden files.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The export of everything, settings left out.
    func export() throws -> String { try must("-f", "korea.tally", "export").output }

    func conflicts() throws -> [[String: Any]] {
        try must("conflicts", "--json").json["conflicts"] as? [[String: Any]] ?? []
    }
}

extension String {
    /// With every time of day, and the date before it, the same at every run.
    var withStableTimes: String {
        replacing(/(\d{4}-\d\d-\d\d )?\d\d:\d\d/, with: "13:57")
    }
}
