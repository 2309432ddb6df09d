import TallyCore
import TallyHub
import TallyStore
import TallySync
import TallyWire

/// A request as it is on the wire.
struct WorldRequest {
    var method: String
    var target: String
    var token: String?
    /// Which part is wanted, in which form.
    var form: [HTTPHeader]
    var body: [UInt8]

    init(_ request: HTTPRequest) {
        method = request.method.rawValue
        let path = request.url.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }
        target = String(path)
        token = request.headers["Authorization"]
        form = request.headers.filter {
            ["Range", "If-Range", "Accept-Encoding"].contains($0.name)
        }
        body = request.body ?? []
        // As libcurl's handle says it where nothing else is said; only snapshots come packed here.
        if form["Accept-Encoding"] == nil, isAboutSnapshot {
            form.append(HTTPHeader("Accept-Encoding", "zstd"))
        }
    }
}

/// The hub: the real service on a folder of its own, without sockets; its process ends and starts again.
final class WorldHub {
    static let name = "korea"
    let folder: String
    let number: Int
    let disk: WorldDisk
    private(set) var tokens: [String: String] = [:]
    /// Of members who were removed, and still have them.
    private(set) var revoked: [String: String] = [:]
    /// The lines that it said it has.
    var kept: Set<ChangesetHash> = []
    private var service: HubService?
    /// Of which the epochs of its datasets are made.
    private let random: WorldRandom
    /// The log and its epoch, as long as nobody has written.
    private var known: (lines: [ChangesetLine], epoch: String?)?
    /// What the log may be: what it was when somebody looked last, with some of what was pushed since. Nil where it was
    /// replaced.
    private var mayBe: [[ChangesetHash]]?

    init(folder: String, number: Int, seed: UInt64) throws {
        self.folder = folder
        self.number = number
        random = WorldRandom(seed: seed ^ 0x6570_6f63_6873 ^ UInt64(number))
        try FileSystem.makeFolder(folder)
        disk = WorldDisk(folder: folder)
    }

    var address: HubAddress {
        guard let address = HubAddress("https://hub\(number).example/\(Self.name)") else {
            preconditionFailure("the address of a hub is one")
        }
        return address
    }

    /// - Returns: nil when no process answers: it could not start, or ended meanwhile.
    func answer(_ request: WorldRequest) -> HTTPResponse? {
        guard disk.isRunning else { return nil }
        if request.method != "GET" { known = nil }
        if request.method == "POST", request.isAboutChangesets { notePush(request) }
        do {
            let service =
                try self.service
                ?? HubService(
                    folder: folder, snapshotFreshBytes: 0, randomBytes: random.bytes)
            self.service = service
            var headers: HubHeaders = [:]
            if let token = request.token { headers.add("authorization", token) }
            for header in request.form { headers.add(header.name, header.value) }
            let answer = service.answer(
                HubRequest(
                    method: request.method, target: request.target, headers: headers,
                    body: request.body))
            guard disk.isRunning else { return nil }
            return HTTPResponse(
                status: answer.status,
                headers: answer.headers.fields.map { HTTPHeader($0.name, $0.value) },
                body: try answer.file.map { try $0.bytes(at: 0, count: $0.byteCount) }
                    ?? answer.body)
        } catch {
            return nil
        }
    }

    /// Ends the process as it should be.
    func stop() {
        known = nil
        service?.close()
        service = nil
    }

    /// - Returns: whether its process was stopped, and has started again.
    func restartIfStopped() -> Bool {
        guard !disk.isRunning else { return false }
        stop()
        disk.start()
        return true
    }

    // MARK: Members

    func admit(_ name: String, at time: WorldTime, _ random: WorldRandom) {
        guard tokens[name] == nil else { return }
        tokens[name] = try? withMembers { members in
            try members.createToken(
                name: name, datasets: [Self.name], role: .admin,
                at: Timestamp(milliseconds: time.now), randomBytes: random.bytes
            ).text
        }
    }

    func remove(_ name: String, at time: WorldTime) {
        _ = try? withMembers { try $0.revoke(name: name, at: Timestamp(milliseconds: time.now)) }
        revoked[name] = tokens.removeValue(forKey: name) ?? revoked[name]
    }

    /// As `tally-hub token` does it, beside the process that serves.
    private func withMembers<Result>(_ body: (MemberStore) throws -> Result) throws -> Result {
        let members = try MemberStore(path: "\(folder)/hub.sqlite")
        defer { members.close() }
        return try body(members)
    }

    // MARK: What it holds

    var path: String { "\(folder)/\(Self.name).tally" }
    var hasDataset: Bool { FileSystem.exists(path) }

    /// - Throws: `Violation` where a push was taken in part.
    func lines() throws -> [ChangesetLine] { try read().lines }

    private func read() throws -> (lines: [ChangesetLine], epoch: String?) {
        guard hasDataset else {
            try check([])
            return ([], nil)
        }
        let dataset = try Dataset.open(path: path, waitSeconds: 0)
        defer { dataset.close() }
        let lines = try dataset.allLines().map { try ChangesetLine($0) }
        try check(lines.map(\.hash))
        return (lines, try dataset.read { try $0.epoch() })
    }

    /// One request is one transaction, whatever becomes of the process and the disk.
    private func check(_ log: [ChangesetHash]) throws {
        defer { mayBe = [log] }
        if let mayBe, !mayBe.contains(log) {
            throw Violation(
                "the hub's word",
                "its log of \(log.count) lines is none that whole pushes make of the \(mayBe[0].count) that it had"
            )
        }
    }

    /// Each request may have been taken or not; what is there already is not taken twice.
    private func notePush(_ request: WorldRequest) {
        // What is no line is refused, and all with it.
        let lines = request.body.split(separator: 0x0a).map { try? ChangesetLine(Array($0)).hash }
        guard let mayBe, !lines.contains(nil) else { return }
        for log in mayBe {
            let held = Set(log)
            let longer = log + lines.compactMap { $0 }.filter { !held.contains($0) }
            if !mayBe.contains(longer) { self.mayBe?.append(longer) }
        }
    }

    /// Its log, while its disk does what it is told; nil where a look might meet a fault that is armed.
    func log() throws -> [ChangesetLine]? {
        guard disk.isRunning, !disk.isArmed else { return nil }
        return try looked().lines
    }

    private func looked() throws -> (lines: [ChangesetLine], epoch: String?) {
        if let known { return known }
        let found = try read()
        if found.epoch != nil { known = found }
        return found
    }

    /// - Precondition: it has a dataset, and its disk does what it is told.
    func epoch() throws -> String { try looked().epoch ?? "" }

    // MARK: Backups

    func backUp(to target: String) throws -> WorldHubBackup {
        stop()
        try FileSystem.makeFolder(target)
        for name in FileSystem.names(in: folder) {
            try FileSystem.copy("\(folder)/\(name)", to: "\(target)/\(name)")
        }
        return WorldHubBackup(folder: target, tokens: tokens)
    }

    /// Everything that it has is gone, and in its place is what a backup holds.
    func restore(_ backup: WorldHubBackup) throws {
        wipe()
        for name in FileSystem.names(in: backup.folder) {
            try FileSystem.copy("\(backup.folder)/\(name)", to: "\(folder)/\(name)")
        }
        tokens = backup.tokens
    }

    func wipe() {
        stop()
        for name in FileSystem.names(in: folder) { FileSystem.remove("\(folder)/\(name)") }
        tokens = [:]
        kept = []
        mayBe = nil
    }
}

/// A backup of a hub's folder.
struct WorldHubBackup {
    let folder: String
    let tokens: [String: String]
}
