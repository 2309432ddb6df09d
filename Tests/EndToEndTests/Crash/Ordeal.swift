import Foundation
import TallySimulator
import Testing

/// A command that is disturbed, and what must hold afterwards (DESIGN.md section 12).
struct Ordeal {
    /// The machine before the command; only copies of it are spoilt.
    private let template: Analyst
    /// The command, as it is run before and after the disturbance; told a name that no other run has.
    private let command: (_ name: String) -> [String]
    /// What somebody else has when they have synced with the survivor.
    private let elsewhere: (_ survivor: Analyst, _ name: String) throws -> String
    /// What was acknowledged before the command.
    private let before: Standing
    /// The export when nothing disturbs the command: after it, and after the sync with somebody else.
    private let done: String
    private let wanted: String
    let undisturbed: Undisturbed

    init(
        _ template: Analyst, command: @escaping (String) -> [String],
        elsewhere: @escaping (Analyst, String) throws -> String
    ) throws {
        self.template = template
        self.command = command
        self.elsewhere = elsewhere
        before = try Standing(template)
        let name = "undisturbed"
        let copy = try template.copied(as: name)
        undisturbed = try Undisturbed(folder: copy.folder) {
            try copy.start(command(name), environment: $0)
        }
        done = try copy.export()
        wanted = try elsewhere(copy, name)
        #expect(try copy.export() == wanted)
    }

    /// - Parameter partner: somebody whose file the survivor syncs with at the end.
    init(_ template: Analyst, partner: Analyst, _ arguments: String...) throws {
        try self.init(template, command: { _ in arguments }) { survivor, name in
            let other = try partner.copied(as: "partner-of-\(name)")
            defer { try? FileManager.default.removeItem(atPath: other.folder) }
            try other.must("sync", survivor.file)
            return try other.export()
        }
    }

    /// Disturbs the command, looks at what is left, and finishes the work.
    ///
    /// - Parameter statuses: with which the command may end beside 0, which means that the work is done.
    private func survive(
        as name: String, _ statuses: Set<Int32>, _ context: Comment,
        _ disturb: (Analyst, [String]) throws -> Finished
    ) throws {
        let survivor = try template.copied(as: name)
        defer { try? FileManager.default.removeItem(atPath: survivor.folder) }
        let end = try disturb(survivor, command(name))
        #expect(
            end.status == 0 || statuses.contains(end.status),
            "\(end.status) \(end.errors) \(context)")

        try before.expectKept(in: survivor, context)
        if end.status == 0 { #expect(try survivor.export() == done, context) }
        let again = try survivor.tally(command(name))
        #expect(again.status == 0, "\(again.errors) \(context)")
        try before.expectKept(in: survivor, context)
        #expect(try survivor.export() == done, context)
        #expect(try survivor.leftovers() == [], context)
        #expect(try elsewhere(survivor, name) == wanted, context)
        #expect(try survivor.export() == wanted, context)
    }

    /// Kills the command at moments spread over its run.
    func surviveKills(_ count: Int, _ suite: String) throws {
        var chance = Chance()
        for (index, moment) in undisturbed.moments(count, &chance.generator).enumerated() {
            let context: Comment = "killed \(moment): \(chance.replay(suite))"
            try survive(as: "survivor-\(index)", [137], context) { survivor, arguments in
                let running = try survivor.start(arguments, environment: moment.environment)
                moment.strike(running)
                return running.wait()
            }
        }
    }

    /// Lets writing calls spread over the run of the command fail, each way in turn.
    func surviveFaults(_ count: Int, _ suite: String) throws {
        var chance = Chance()
        let share = max(1, undisturbed.calls / count)
        for index in 0..<count {
            let call = 1 + index * undisturbed.calls / count + chance.generator.below(share)
            let fault = [Fault.eio(call), .sick(call), .enospc(call)][index % 3]
            let context: Comment = "\(fault.text): \(chance.replay(suite))"
            try survive(as: "survivor-\(index)", [74], context) { survivor, arguments in
                let environment = FaultShim.environment(fault)
                let end = try survivor.tally(arguments, environment: environment)
                #expect(end.status == 0 || !end.errors.isEmpty, context)
                return end
            }
        }
    }
}

/// What a machine has at a moment: the revisions and the replicas that it may not lose.
struct Standing {
    private let revisions: Set<String>
    private let replicas: Set<String>

    init(_ analyst: Analyst) throws {
        revisions = try analyst.revisions()
        replicas = try analyst.replicas()
    }

    /// The next command works, the file is sound and one file, nothing acknowledged is lost, and at most one replica
    /// was added.
    func expectKept(in analyst: Analyst, _ context: Comment, added: Int = 1) throws {
        let verified = try analyst.tally("-f", "korea.tally", "verify", "--json")
        #expect(verified.json["sound"] as? Bool == true, "\(verified.errors) \(context)")
        #expect(try revisions.isSubset(of: analyst.revisions()), context)
        let replicas = try analyst.replicas()
        #expect(self.replicas.isSubset(of: replicas), context)
        #expect(replicas.count <= self.replicas.count + added, context)
        #expect(try analyst.leftovers(of: "korea.tally") == [], context)
    }
}

extension Analyst {
    /// Every revision in the file, with its hash.
    func revisions() throws -> Set<String> {
        let log =
            try must(
                "-f", "korea.tally", "-f", "korea.tally", "log", "--json", "--limit", "1000000"
            ).json["changesets"] as? [[String: Any]]
        return Set((log ?? []).map { "\($0["revision"] ?? "") \($0["hash"] ?? "")" })
    }

    private var identityFolder: String { folder + "/.data/tally/replicas" }

    /// The replicas that this machine has a key of.
    func replicas() throws -> Set<String> {
        guard FileManager.default.fileExists(atPath: identityFolder) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: identityFolder)
        let entries = names.filter { $0.hasSuffix(".json") }
        for entry in entries {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(identityFolder)/\(entry)"))
            guard try JSONSerialization.jsonObject(with: bytes) is [String: Any] else {
                throw Failure("\(entry) is no identity")
            }
        }
        return Set(entries)
    }

    /// Files that only a running command has; once another has written, none is left of one that was killed.
    func leftovers(of prefix: String = "") throws -> [String] {
        let names =
            FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            name.hasPrefix(prefix)
                && ["-wal", "-shm", "-journal", ".part", ".new"].contains { name.hasSuffix($0) }
        }
    }
}
