import CFaultDisk

/// The disk of one simulated machine: a folder of real files whose writes fail, tear and get lost as a seed says.
///
/// It stands below SQLite, as a VFS that wraps the platform's and is the default of the process
/// (https://www.sqlite.org/vfs.html): what opens a database in `folder` goes through it unawares. Files elsewhere, the
/// shared memory of a log and temporary files pass through. What is written to files without SQLite is not seen, but for
/// what says so itself: `operate`.
///
/// Operations that count are writes, truncations, syncs, deletions of a file that is there, and creations.
/// A creation or deletion is durable at once; written bytes are when their file is synced
/// (https://www.sqlite.org/atomiccommit.html, https://www.sqlite.org/wal.html).
///
/// A dead machine answers errors of the class `SQLITE_IOERR`, and `SQLITE_CANTOPEN` to who opens. Its locks are free.
/// Connections of before a death stay dead for ever; close them before those of the machine's next life are opened.
///
/// A log's time of change lies decades ahead where it was written last, and decades back where its file was: how fast the
/// real machine is says nothing of it. After a power cut it is the one or the other.
public struct SimulatedDisk: Hashable, Sendable {
    private let id: Int32

    /// What happens at one operation.
    public enum Fault: String, CaseIterable, Sendable {
        /// The operation does not happen, and the machine is dead.
        case killBefore = "kill-before"
        /// Of a write some first sectors of 512 bytes happen, never all; other operations do not. Then it is dead.
        case killTorn = "kill-torn"
        /// The operation happens, and the machine is dead before it learns of it.
        case killAfter = "kill-after"
        /// As `killTorn`, and what was not synced is dropped: see `cutPower`.
        case power
        /// From here on there is no room for writes to a log and those that extend a file, until `disarm`.
        case full
        /// The operation fails and does not happen; the machine goes on.
        case errorOnce = "io-error"
        /// A read fails; reads alone count. The machine goes on.
        case readError = "read-error"

        fileprivate var action: Int32 {
            switch self {
            case .killBefore: Int32(FAULT_KILL_BEFORE.rawValue)
            case .killTorn: Int32(FAULT_KILL_TORN.rawValue)
            case .killAfter: Int32(FAULT_KILL_AFTER.rawValue)
            case .power: Int32(FAULT_POWER.rawValue)
            case .full: Int32(FAULT_FULL.rawValue)
            case .errorOnce: Int32(FAULT_IOERR_ONCE.rawValue)
            case .readError: Int32(FAULT_IOERR_READ.rawValue)
            }
        }
    }

    /// A machine that is alive, with all files in a folder that is there, or in its folders.
    ///
    /// The first one makes the VFS the default of the process, where `seedRandomness` has not yet.
    public init(folder: String) {
        guard fault_install() == 0 else { preconditionFailure("SQLite takes a VFS") }
        id = fault_machine_add(folder)
    }

    /// Gives SQLite its random numbers from a seed, until `removeAll`: what it writes is the same every time.
    public static func seedRandomness(_ seed: UInt64) {
        guard fault_install() == 0 else { preconditionFailure("SQLite takes a VFS") }
        fault_seed(seed)
    }

    /// Of all that SQLite has read and written on the disks since `seedRandomness`, and of its order.
    public static var digest: UInt64 { fault_digest() }

    /// Says which of a file and its log is the later one, where people have put one of them there.
    public static func setLog(_ path: String, isLatest: Bool) {
        fault_set_log_time(path, isLatest ? 1 : 0)
    }

    /// What people remove or move is as it is for good; another file of its name is another.
    public static func forget(_ path: String) { fault_forget(path) }

    /// Forgets all machines; what is open passes through, what is dead stays dead.
    public static func removeAll() { fault_machine_remove_all() }

    /// Lets a fault happen once, after so many more operations; replaces what was armed.
    ///
    /// - Parameter seed: says where a write tears, and what survives the power cut.
    public func arm(_ fault: Fault, after operations: Int, seed: UInt64 = 0) {
        precondition(operations >= 0, "no operation comes after \(operations) ones")
        fault_arm(id, fault.action, UInt64(operations), seed)
    }

    public func disarm() { fault_disarm(id) }

    /// Counts an operation that a file of the machine needs which SQLite does not write, and which is replaced as a whole.
    ///
    /// - Returns: whether it happens; the machine may be dead either way.
    public func operate() -> Bool { fault_operate(id) != 0 }

    /// Ends the machine's processes now; what they wrote is in the system's cache.
    public func kill() { fault_kill(id) }

    /// Ends the machine now, and drops what was not synced.
    ///
    /// Per file the seed chooses: nothing of it survives, its first operations do, or any sectors of 512 bytes.
    public func cutPower(seed: UInt64) { fault_cut_power(id, seed) }

    /// Starts a dead machine again.
    public func revive() { fault_revive(id) }

    public var isAlive: Bool { fault_is_alive(id) != 0 }

    /// How many operations have been counted.
    public var operations: Int { Int(fault_operations(id)) }

    /// How many writes and truncations a power cut could drop.
    public var unsynced: Int { Int(fault_unsynced(id)) }

    /// How often an armed fault has happened; of `full`, how many writes found no room.
    public func count(of fault: Fault) -> Int { Int(fault_count(id, fault.action)) }
}
