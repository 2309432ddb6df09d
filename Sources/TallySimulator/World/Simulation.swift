import TallyStore
import TallySync
import TallyWire

/// Plays worlds.
public enum Simulation {
    /// What a world came to.
    public struct Outcome: Sendable {
        /// Each begins with the name of the law; none where all hold.
        public let violations: [String]
        public let counts: WorldCounts
    }

    /// - Parameter folder: not there yet; made, and removed at the end. On a disk in memory it is several times as fast.
    /// - Throws: where the world cannot even begin, for want of something that the machine does not have.
    public static func run(
        _ plan: WorldPlan, folder: String, trace: @escaping (String) -> Void = { _ in }
    ) throws -> Outcome {
        // Whatever the folder is called, a world is the same every time.
        func told(_ text: String) -> String { text.replacing("\(folder)/", with: "") }
        try FileSystem.makeNewFolder(folder)
        let world: World
        do {
            world = try World(plan, folder: folder) { trace(told($0)) }
        } catch {
            SimulatedDisk.removeAll()
            FileSystem.remove(folder)
            throw error
        }
        defer { world.close() }
        guard world.machines.allSatisfy({ world.hub.tokens[$0.author] != nil }) else {
            throw StoreError(.io, "The hub cannot be opened in \(folder)")
        }
        world.run()
        trace("a digest of all that the disks did: \(String(SimulatedDisk.digest, radix: 16))")
        var counts = world.counts
        counts.count("worlds")
        return Outcome(violations: world.violations.map(told), counts: counts)
    }
}

// What violations and traces say of errors is what people are told.

extension StoreError: CustomStringConvertible {
    public var description: String { sentence(message, hint) }
}

extension SyncError: CustomStringConvertible {
    public var description: String { sentence(message, hint) }
}

extension InputFault: CustomStringConvertible {
    public var description: String { sentence(message, hint) }
}

extension Problem: CustomStringConvertible {
    public var description: String { "\(word.rawValue): \(detail)" }
}

extension LineFault: CustomStringConvertible {
    public var description: String { "\(word.rawValue): \(reason)" }
}

private func sentence(_ message: String, _ hint: String?) -> String {
    hint.map { "\(message). \($0)" } ?? message
}
