import Foundation
import TallySimulator
import Testing

/// The worlds themselves: that they are the same every time, and that what was found once is not found again.
///
/// `make test` plays a thousand of them with tally-simulate; these are about the simulator.
extension SimulatedDisks {
    struct WorldTests {
        private static let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().appendingPathComponent("../../SyncFixtures/worlds")
            .standardizedFileURL

        private func played(
            _ plan: WorldPlan
        ) throws -> (violations: [String], trace: ArraySlice<String>) {
            let folder = FileManager.default.temporaryDirectory.path + "/tally-world-\(UUID())"
            var trace: [String] = []
            let outcome = try Simulation.run(plan, folder: folder) { trace.append($0) }
            // What the disks did in the end is of this process alone where other suites use SQLite beside: WorldProcessTests.
            return (outcome.violations, trace.dropLast())
        }

        @Test("a seed gives one world, that goes the same way every time", arguments: 1...3)
        func repeatable(seed: UInt64) throws {
            let plan = WorldGenerator.plan(seed: seed)
            #expect(plan == WorldGenerator.plan(seed: seed))
            let first = try played(plan)
            #expect(first.violations == [])
            #expect(first.trace.count >= plan.steps.count)
            #expect(try played(plan).trace == first.trace)
        }

        @Test("worlds that once broke a law keep it", arguments: try Self.names())
        func found(name: String) throws {
            let bytes = try Data(contentsOf: Self.folder.appendingPathComponent(name))
            #expect(try played(WorldPlan(Array(bytes))).violations == [])
        }

        private static func names() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { $0.hasSuffix(".json") }.sorted()
        }

        @Test("a world is shrunk to the steps and faults that matter")
        func shrunk() throws {
            let plan = WorldGenerator.plan(seed: 7)
            let wanted = [plan.steps[2].seed, plan.steps[9].seed]
            let shrunk = plan.shrunk { candidate in
                wanted.allSatisfy { seed in candidate.steps.contains { $0.seed == seed } }
            }
            #expect(shrunk.steps.map(\.seed) == wanted)
            #expect(shrunk.steps.allSatisfy { $0.isCalm && $0.fault == nil })
            #expect(shrunk.network == NetworkRates())
        }
    }
}
