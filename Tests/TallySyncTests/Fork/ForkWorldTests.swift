import Foundation
import StoreTestSupport
import TallyCore
import TallySimulator
import TallyStore
import TallySync
import TallyWire
import Testing

/// Copies that are restored together with their keys again and again, sync with each other and with a hub that is wiped now
/// and then: at the end all have the same lines, and nothing that was written is missing.
///
/// `TALLY_SEED=17 TALLY_HISTORIES=1 swift test --filter ForkWorldTests` replays world 17.
struct ForkWorldTests {
    private static let firstSeed = environment("TALLY_SEED") ?? 1
    private static let count = environment("TALLY_HISTORIES") ?? 30

    /// Worlds that have shown a fault. 1075: two rewrote branches that begin alike and go on in another way.
    private static let found: [UInt64] = [1075]

    private static func environment(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    @Test("whatever is restored and wiped, all copies end with the same lines and nothing is lost")
    func worlds() throws {
        var repairs = 0
        let seeds = Array(Self.firstSeed..<(Self.firstSeed + Self.count))
        for seed in (Self.count > 1 ? Self.found : []) + seeds {
            do {
                var world = try ForkWorld(seed: seed)
                for _ in 0..<30 { try world.step() }
                repairs += try world.finish()
            } catch {
                Issue.record(
                    """
                    \(error)
                    replay with: TALLY_SEED=\(seed) TALLY_HISTORIES=1 swift test --filter ForkWorldTests
                    """)
            }
        }
        // The worlds are the same at every run: they do fork.
        if Self.count >= 10 { #expect(repairs > Int(Self.count)) }
    }
}

/// One world that a seed plays.
private struct ForkWorld {
    private let folder: TestFolder
    private var random: SeededGenerator
    private var hub: Copy
    private var copies: [Copy] = []
    private var backups: [(dataset: Dataset, person: Person, entries: [IdentityEntry])] = []
    private var made = 0
    /// Every element that was ever added to the one record.
    private var written: Set<String> = []
    private var repairs = 0

    init(seed: UInt64) throws {
        folder = try TestFolder()
        random = SeededGenerator(seed: seed)
        hub = try folder.copy("hub")
        for name in ["mina", "jun", "ana"] { copies.append(try folder.copy(name, of: hub)) }
    }

    mutating func step() throws {
        let copy = copies[random.below(copies.count)]
        switch random.below(10) {
        case 0...2: try write(copy)
        case 3...4: try sync(copy, with: .hub)
        case 5: try sync(copy, with: .file(copies[random.below(copies.count)]))
        case 6: try backUp(copy)
        case 7...8: try restore()
        default: if random.chance(percent: 20) { try wipeHub() }
        }
    }

    /// Elements only add up, so that nothing that was written can be covered: all of it must be there at the end.
    private mutating func write(_ copy: Copy) throws {
        let element = "e\(written.count)"
        written.insert(element)
        try copy.edit(korea, .add("tags", element))
    }

    private enum FileOrHub {
        case hub
        case file(Copy)
    }

    private mutating func sync(_ copy: Copy, with other: FileOrHub) throws {
        let outcome: SyncOutcome
        switch other {
        case .hub: outcome = try ForkStory.sync(copy, hub: hub)
        case .file(let file):
            guard file.dataset.path != copy.dataset.path else { return }
            do {
                outcome = try ForkStory.sync(copy, file: file)
            } catch let error as SyncError where error.message.contains("only the hub can tell") {
                return
            }
        }
        if outcome.isHalted { throw Lost(text: "halted: \(outcome.notices)") }
        repairs += outcome.notices.count { $0.contains("had two histories") }
    }

    private mutating func backUp(_ copy: Copy) throws {
        made += 1
        let backup = try folder.copy("backup\(made)", of: copy)
        let remotes = try copy.dataset.read { try $0.remotes() }
        try backup.dataset.writeLocally { access in
            for remote in remotes {
                try access.saveRemote(remote.name, url: remote.url)
                guard let vector = remote.vector, let at = remote.lastSync else { continue }
                try access.noteSync(remote: remote.name, at: at, vector: vector, halt: nil)
            }
        }
        let entries = try copy.person.identities.replicas().compactMap {
            try copy.person.identities.entry(of: $0)
        }
        backups.append((backup.dataset, copy.person, entries))
        if random.chance(percent: 80) { try write(copy) }
    }

    /// The file comes back beside the one that went on, the keys over those that went on.
    private mutating func restore() throws {
        guard copies.count < 7, !backups.isEmpty else { return }
        let backup = backups.remove(at: random.below(backups.count))
        for entry in backup.entries { try backup.person.identities.write(entry) }
        let restored = Copy(dataset: backup.dataset, person: backup.person)
        copies.append(restored)
        if random.chance(percent: 80) { try write(restored) }
    }

    private mutating func wipeHub() throws {
        made += 1
        hub = try folder.copy("wiped\(made)", id: hub.dataset.id)
    }

    /// - Returns: how many forks were repaired.
    mutating func finish() throws -> Int {
        for _ in 0..<3 {
            for copy in copies { try sync(copy, with: .hub) }
        }
        let lines = try ForkStory.lines(of: hub)
        for copy in copies {
            guard try ForkStory.lines(of: copy) == lines else {
                throw Lost(text: "\(copy.dataset.path) has other lines than the hub")
            }
            let outcome = try ForkStory.sync(copy, hub: hub)
            guard outcome.pushed + outcome.pulled == 0, outcome.notices.isEmpty else {
                throw Lost(text: "there is something left to do: \(outcome)")
            }
            let faults = try copy.verification(in: folder).faults
            guard faults.isEmpty else { throw Lost(text: "\(faults)") }
        }
        let missing = try written.subtracting(copies[0].view(korea).state.elements(of: "tags"))
        // What only a wiped hub or nobody has any more was not lost by a repair.
        guard missing.isEmpty else { throw Lost(text: "missing: \(missing.sorted())") }
        return repairs
    }

    private struct Lost: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }
}
