import Synchronization
import TallyStore
import TallyWire

/// The snapshot of one dataset that a hub has at hand: made when it is asked for, and anew when the log has gone far on.
///
/// Who reads an old one keeps it. Its files have no names, and are gone with the process.
final class SnapshotShelf: Sendable {
    private let name: String
    private let place: String
    private let freshBytes: Int
    private let kept = Mutex<HubSnapshot?>(nil)
    /// Held while one is made or packed.
    private let making = Mutex(())
    private let waitingCount = Atomic(0)
    /// How many have been made.
    private let onMade: @Sendable () -> Void

    /// Each who waits for the making holds a thread.
    private static let maximumWaiting = 8

    /// - Parameters:
    ///   - place: beside it the files stand while they are written.
    ///   - freshBytes: as in `HubSnapshot.age`.
    init(
        name: String, place: String, freshBytes: Int, onMade: @escaping @Sendable () -> Void
    ) {
        self.freshBytes = freshBytes
        self.name = name
        self.place = place
        self.onMade = onMade
    }

    /// What a killed process left of one that it made.
    static func removeLeft(in folder: String) {
        for file in FileBytes.names(in: folder)
        where file.hasSuffix(".part") && file.contains(Self.ending) {
            PartFile.removeLeft("\(folder)/\(file)")
        }
    }

    static let ending = ".snapshot"

    /// - Throws: `Problem`: `busy` when many wait for it already; `StoreError`.
    func snapshot(of dataset: OpenDataset, isPacked: Bool) throws -> HubSnapshot {
        let (old, age) = try lookUp(dataset)
        if let old, age == .fresh, old.form(isPacked: isPacked) != nil { return old }
        let waiting = waitingCount.add(1, ordering: .relaxed).newValue
        defer { waitingCount.subtract(1, ordering: .relaxed) }
        // Rather than wait for the next one.
        if waiting > 1, let old, age != .dead, old.form(isPacked: isPacked) != nil { return old }
        guard waiting <= Self.maximumWaiting else {
            throw Problem(.busy, "many wait for the snapshot of \(name): come again")
        }
        return try making.withLock { _ in
            let (old, age) = try lookUp(dataset)
            var snapshot: HubSnapshot
            if let old, age == .fresh {
                snapshot = old
            } else {
                snapshot = try HubSnapshot(of: dataset, name: name, beside: place)
                onMade()
            }
            if isPacked { try snapshot.pack(beside: place) }
            let made = snapshot
            kept.withLock { $0 = made }
            return made
        }
    }

    private func lookUp(_ dataset: OpenDataset) throws -> (HubSnapshot?, HubSnapshot.Age) {
        guard let old = kept.withLock({ $0 }) else { return (nil, .dead) }
        return (old, try dataset.reader.read { try old.age(in: $0, freshBytes: freshBytes) })
    }
}
