import Synchronization

/// The disk of a machine or of the hub, that tells whether what was armed has struck.
final class WorldDisk: Sendable {
    private let disk: SimulatedDisk
    private let struckBefore = Mutex(0)
    private let armed = Mutex(false)
    private let cuts = Mutex(0)

    init(folder: String) {
        disk = SimulatedDisk(folder: folder)
    }

    private var struckCount: Int {
        SimulatedDisk.Fault.allCases.reduce(0) { $0 + disk.count(of: $1) }
    }

    var isRunning: Bool { disk.isAlive }

    /// Whether something waits for its moment.
    var isArmed: Bool { armed.withLock { $0 } }

    /// Whether a fault has struck since one was armed last.
    var hasStruck: Bool { struckCount > struckBefore.withLock { $0 } }

    func arm(_ fault: SimulatedDisk.Fault, after operations: Int, seed: UInt64) {
        forget()
        disk.arm(fault, after: operations, seed: seed)
        armed.withLock { $0 = true }
    }

    func disarm() {
        disk.disarm()
        armed.withLock { $0 = false }
        forget()
    }

    private func forget() {
        let count = struckCount
        struckBefore.withLock { $0 = count }
    }

    /// - Returns: whether a file that is replaced as a whole is; the machine may be off either way.
    func operate() -> Bool { disk.operate() }

    func kill() { disk.kill() }

    /// - Returns: whether there was anything to lose.
    @discardableResult
    func cutPower(seed: UInt64) -> Bool {
        let isWorking = disk.unsynced > 0
        disk.cutPower(seed: seed)
        cuts.withLock { $0 += 1 }
        return isWorking
    }

    var powerCuts: Int { cuts.withLock { $0 } + disk.count(of: .power) }

    /// - Precondition: all that was open before is closed.
    func start() { disk.revive() }
}
