import CFaultDisk

/// What a disk does at a moment that was chosen beforehand.
public enum DiskFault: String, Sendable, CaseIterable {
    /// The process ends before a write, a sync or a deletion.
    case killBefore = "kill-before"
    /// The process ends when a part of a write is done.
    case killTorn = "kill-torn"
    /// The process ends when it is done, and before anybody has heard of it.
    case killAfter = "kill-after"
    /// The machine stops in the midst of a write; of what was not synced, any part is gone.
    case power
    /// Nothing that makes a file longer can be written.
    case full
    /// A write, a sync or a deletion fails, once.
    case ioError = "io-error"

    fileprivate var action: fault_action {
        switch self {
        case .killBefore: return FAULT_KILL_BEFORE
        case .killTorn: return FAULT_KILL_TORN
        case .killAfter: return FAULT_KILL_AFTER
        case .power: return FAULT_POWER
        case .full: return FAULT_FULL
        case .ioError: return FAULT_IO_ERROR
        }
    }
}

/// The disks of simulated machines: real files, through a layer under SQLite that fails when it is told to.
///
/// It is the whole process's and for one thread.
public enum SimulatedDisk {
    private static let isInstalled: Bool = fault_disk_install() == 0

    /// Forgets all machines. No file of theirs may be open.
    public static func removeAll() { fault_machine_remove_all() }

    /// A machine, to which all database files in a folder belong.
    public struct Machine: Sendable {
        private let number: Int32

        /// - Parameter folder: absolute, and without links; a machine may not stand inside of another.
        public init(folder: String) {
            precondition(SimulatedDisk.isInstalled, "SQLite takes another VFS")
            number = fault_machine_add(folder)
            precondition(number >= 0, "there are too many machines")
        }

        /// Lets a fault strike after that many more writes, syncs and deletions.
        public func arm(_ fault: DiskFault, after: Int, seed: UInt64) {
            fault_arm(number, fault.action, UInt32(after), seed)
        }

        /// What was armed does not strike any more; there is room on the disk again.
        public func disarm() { fault_disarm(number) }

        /// Whether what was armed last has struck.
        public var hasStruck: Bool { fault_has_struck(number) != 0 }

        public var isRunning: Bool { fault_is_running(number) != 0 }

        /// Ends the machine's processes: whatever they had open fails from now on.
        public func kill() { fault_kill(number) }

        /// The same, and of what was not synced any part is gone when it starts again.
        public func cutPower(seed: UInt64) { fault_cut_power(number, seed) }

        /// - Precondition: all that its processes had open is closed.
        public func start() { fault_start(number) }

        /// How many writes, syncs and deletions there were.
        public var operations: Int { Int(fault_operations(number)) }
    }
}
