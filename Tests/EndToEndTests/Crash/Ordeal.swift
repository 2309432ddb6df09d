import Foundation
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
    /// The export when nothing disturbs the command.
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

    /// Kills the command at a moment, looks at what is left, and finishes the work.
    func survive(_ moment: Moment, as name: String, _ hint: String) throws {
        let survivor = try template.copied(as: name)
        defer { try? FileManager.default.removeItem(atPath: survivor.folder) }
        let running = try survivor.start(command(name), environment: moment.environment)
        moment.strike(running)
        let end = running.wait()
        let context: Comment = "killed \(moment): \(hint)"
        #expect(end.status == 0 || end.status == 137, context)

        try before.expectKept(in: survivor, context)
        if end.status == 0 { #expect(try survivor.export() == wanted, context) }
        let again = try survivor.tally(command(name))
        #expect(again.status == 0, "\(again.errors) \(context)")
        try before.expectKept(in: survivor, context)
        #expect(try survivor.export() == wanted, context)
        #expect(try survivor.leftovers() == [], context)
        #expect(try elsewhere(survivor, name) == wanted, context)
    }

    /// Kills the command at moments spread over its run.
    func survive(_ count: Int, _ suite: String) throws {
        var chance = Chance()
        for (index, moment) in undisturbed.moments(count, &chance.generator).enumerated() {
            try survive(moment, as: "survivor-\(index)", chance.replay(suite))
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
        let status = try analyst.tally("status")
        #expect(status.status == 0, "\(status.errors) \(context)")
        let verified = try analyst.tally("verify", "--json")
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
            try must("log", "--json", "--limit", "1000000").json["changesets"] as? [[String: Any]]
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
