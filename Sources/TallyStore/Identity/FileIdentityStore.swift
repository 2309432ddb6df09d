import TallyCore
import TallyWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Identities as files `<replica>.json` of mode 0600 in one folder, locked by `<replica>.lock` beside them.
public struct FileIdentityStore: IdentityStore {
    public let folder: String
    private let lockTimeoutMs: Int

    /// - Parameters:
    ///   - folder: made, with mode 0700, when the first entry is written.
    ///   - lockTimeoutMs: how long to wait for another program that writes as the same replica.
    public init(folder: String, lockTimeoutMs: Int = 5000) {
        self.folder = folder
        self.lockTimeoutMs = lockTimeoutMs
    }

    /// The folder that the environment names: `$TALLY_REPLICAS`, else `$XDG_DATA_HOME/tally/replicas`, else
    /// `~/.local/share/tally/replicas`; nil where there is no home.
    public static func folder(environment: [String: String]) -> String? {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        if let folder = value("TALLY_REPLICAS") { return folder }
        if let data = value("XDG_DATA_HOME") { return data + "/tally/replicas" }
        return value("HOME").map { $0 + "/.local/share/tally/replicas" }
    }

    public func replicas() throws -> [ReplicaID] {
        FileBytes.names(in: folder).filter { $0.hasSuffix(".json") }
            .compactMap { ReplicaID($0.dropLast(5)) }.sorted()
    }

    public func entry(of replica: ReplicaID) throws -> IdentityEntry? {
        let path = path(of: replica, "json")
        guard let bytes = try FileBytes.read(path, limit: 64 * 1024) else { return nil }
        guard let json = try? JSONValue(parsing: bytes),
            let dataset = json["dataset"]?.string.flatMap({ DatasetID($0) }),
            let seed = json["key"]?.string.flatMap({ Base64URL.decode($0.utf8) }),
            let key = ReplicaKey(seed: seed), key.replica == replica, let seq = json["seq"]?.count
        else {
            throw StoreError(
                .damaged, "\(path) is no identity of a replica",
                hint: "Move it away; the dataset goes on as a new replica.")
        }
        let hash = json["hash"]?.string.flatMap { ChangesetHash($0) }
        return IdentityEntry(
            dataset: dataset, key: key, head: hash.map { Head(seq: seq, hash: $0) },
            isRetired: json["retired"]?.bool ?? false)
    }

    public func write(_ entry: IdentityEntry) throws {
        var members: [JSONValue.Member] = [
            .init("replica", .string(entry.replica.text)),
            .init("dataset", .string(entry.dataset.text)),
            .init(
                "key", .string(String(decoding: Base64URL.encode(entry.key.seed), as: UTF8.self))),
            .init("seq", .number(Double(entry.head?.seq ?? 0))),
        ]
        if let head = entry.head { members.append(.init("hash", .string(head.hash.text))) }
        if entry.isRetired { members.append(.init("retired", true)) }
        try FileBytes.makeFolder(folder)
        sweep(exceptFor: entry.replica)
        try FileBytes.replace(
            path(of: entry.replica, "json"), with: JSONValue.object(members).bytes + [0x0a])
    }

    public func lock(_ replica: ReplicaID) throws -> any IdentityLock {
        try FileBytes.makeFolder(folder)
        return try FileLock(
            path: path(of: replica, "lock"), timeoutMs: lockTimeoutMs,
            busy: "Another program is writing as the same replica")
    }

    /// Removes what programs that were killed while they wrote an entry have left: a draft that nobody has locked.
    private func sweep(exceptFor own: ReplicaID) {
        for name in FileBytes.names(in: folder) where name.hasSuffix(".json.new") {
            guard let replica = ReplicaID(name.dropLast(".json.new".count)), replica != own,
                let lock = try? FileLock(path: path(of: replica, "lock"), timeoutMs: 0)
            else { continue }
            unlink("\(folder)/\(name)")
            lock.release()
        }
    }

    private func path(of replica: ReplicaID, _ ending: String) -> String {
        "\(folder)/\(replica).\(ending)"
    }
}
