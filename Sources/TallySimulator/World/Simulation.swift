/// Plays worlds.
public enum Simulation {
    /// What a world came to.
    public struct Outcome: Sendable {
        /// Each begins with the name of the law; none where all hold.
        public let violations: [String]
        public let counts: WorldCounts
    }

    /// - Parameter folder: made, and removed at the end; on a disk in memory it is several times as fast.
    public static func run(
        _ plan: WorldPlan, folder: String, trace: @escaping (String) -> Void = { _ in }
    ) -> Outcome {
        do {
            let world = try World(plan, folder: folder, trace: trace)
            defer { world.close() }
            world.run()
            var counts = world.counts
            counts.count("worlds")
            return Outcome(violations: world.violations, counts: counts)
        } catch {
            return Outcome(violations: ["begin: \(error)"], counts: WorldCounts())
        }
    }
}
