import Foundation
import Synchronization
import TallyCore
import TallySimulator
import TallyStore
import TallyWire

/// A folder that goes with the test that made it.
package final class TestFolder {
    package let path: String

    package init() throws {
        path = FileManager.default.temporaryDirectory.path + "/tally-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The names of the files in it, sorted.
    package var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }
}

/// Identities in memory: those of one machine.
package final class MemoryIdentities: IdentityStore {
    package init() {}

    private let entries = Mutex<[ReplicaID: IdentityEntry]>([:])
    private let isFailing = Mutex(false)
    private let locked = Mutex<Set<ReplicaID>>([])

    package func replicas() throws -> [ReplicaID] { entries.withLock { $0.keys.sorted() } }

    package func entry(of replica: ReplicaID) throws -> IdentityEntry? {
        entries.withLock { $0[replica] }
    }

    package func write(_ entry: IdentityEntry) throws {
        if isFailing.withLock({ $0 }) { throw StoreError(.io, "the disk is gone") }
        entries.withLock { $0[entry.replica] = entry }
    }

    package func lock(_ replica: ReplicaID) throws -> any IdentityLock {
        let isFree = locked.withLock { $0.insert(replica).inserted }
        guard isFree else { throw StoreError(.busy, "\(replica) is locked") }
        return Lock(store: self, replica: replica)
    }

    /// Whether nobody holds a lock.
    package var areFree: Bool { locked.withLock { $0.isEmpty } }

    /// From now on no entry can be written.
    package func fail() { isFailing.withLock { $0 = true } }

    package func forget(_ replica: ReplicaID) {
        _ = entries.withLock { $0.removeValue(forKey: replica) }
    }

    private func unlock(_ replica: ReplicaID) {
        _ = locked.withLock { $0.remove(replica) }
    }

    private struct Lock: IdentityLock {
        let store: MemoryIdentities
        let replica: ReplicaID

        func release() { store.unlock(replica) }
    }
}

/// A clock that stands still until it is set.
package final class TestClock: Sendable {
    private let now: Mutex<Timestamp>

    package init(_ text: String = "2026-11-23T10:00:00.000Z") {
        now = Mutex(Timestamp(text) ?? Timestamp(milliseconds: 0))
    }

    package var time: Timestamp {
        get { now.withLock { $0 } }
        set { now.withLock { $0 = newValue } }
    }

    package func advance(seconds: Int) {
        now.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + Int64(seconds) * 1000) }
    }
}

/// Random bytes that a seed gives.
package final class TestRandom: Sendable {
    private let generator: Mutex<SeededGenerator>

    package init(seed: UInt64) { generator = Mutex(SeededGenerator(seed: seed)) }

    @Sendable package func bytes(_ count: Int) -> [UInt8] {
        generator.withLock { generator in
            (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.below(256)) }
        }
    }
}

/// A person at a machine, with a clock and identities of their own.
package struct Person {
    package let workplace: Workplace
    package let identities: MemoryIdentities
    package let clock: TestClock

    package init(_ name: String, clock: TestClock = TestClock(), seed: UInt64? = nil) {
        let identities = MemoryIdentities()
        self.identities = identities
        self.clock = clock
        let random = TestRandom(seed: seed ?? name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
        workplace = Workplace(
            author: name, machine: "\(name)-laptop", identities: identities,
            clock: { clock.time }, randomBytes: random.bytes)
    }
}
