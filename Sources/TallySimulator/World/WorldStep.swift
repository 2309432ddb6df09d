/// One thing that happens in a simulated world.
///
/// What it leaves open (which record, which conflict, which fault of the network) is chosen when it is played, by a
/// generator of its own seed, out of what is there then. So steps can be left out, to shrink a failure, and the others
/// mean what they meant.
public struct WorldStep: Sendable, Equatable {
    public var act: Act
    /// The number of the copy, counted round.
    public var copy: Int
    public var seed: UInt64
    /// What the disk of the copy's machine does meanwhile.
    public var fault: PlannedFault?
    /// Whether no request of it meets a fault, and nobody else does anything meanwhile.
    public var isCalm: Bool

    public init(
        _ act: Act, copy: Int, seed: UInt64, fault: PlannedFault? = nil, isCalm: Bool = false
    ) {
        self.act = act
        self.copy = copy
        self.seed = seed
        self.fault = fault
        self.isCalm = isCalm
    }

    /// What a step is about is chosen by the upper bits of its seed: two steps may be about the same thing and do it
    /// differently.
    static let variantBits: UInt64 = 2
    var topic: UInt64 { seed >> Self.variantBits }

    /// Before a step whose seed is a multiple of this nobody does anything for a month.
    static let stepsAMonth: UInt64 = 61

    /// The seed of an undo of the latest changeset there is.
    static let ofLatest: UInt64 = 7

    public enum Act: String, Sendable, CaseIterable {
        // What a person does to records.
        case edit, delete, restore, resolve, undo, rename, merge
        case importFile = "import"
        case agreePolicy = "policy"
        case otherTool = "tool"
        case sheet
        case capture
        // What brings copies together.
        case sync, pull, push
        case syncFile = "sync-file"
        case makeBundle = "make-bundle"
        case syncBundle = "sync-bundle"
        case clone
        // What happens to files and machines.
        case backUp = "back-up"
        case restoreBackup = "restore-backup"
        case restoreBackupAndHome = "restore-backup-and-home"
        /// The last of this copy, with its home or without.
        case restoreOwnBackup = "restore-own-backup"
        case restoreOverLog = "restore-over-log"
        case copyFile = "copy-file"
        case moveFile = "move-file"
        case loseHome = "lose-home"
        case setClock = "set-clock"
        case cutPower = "cut-power"
        case verify
        case compact
        // What happens to the hub.
        case backUpHub = "back-up-hub"
        case restoreHub = "restore-hub"
        case wipeHub = "wipe-hub"
        case replaceHub = "replace-hub"
        case restartHub = "restart-hub"
        case removeMember = "remove-member"
        case admitMember = "admit-member"

        var isSync: Bool { [.sync, .pull, .push, .syncFile, .syncBundle].contains(self) }
        /// One deed of the one who does it, or none.
        var isDeed: Bool {
            [
                .edit, .delete, .restore, .resolve, .undo, .rename, .merge, .importFile,
                .agreePolicy, .sheet,
            ].contains(self)
        }
        /// Nothing of the one who does it, but for what another tool has left.
        var writesNothing: Bool {
            isSync || [.capture, .backUp, .makeBundle, .verify, .compact].contains(self)
        }
    }
}

/// A fault of a disk that waits for its moment.
public struct PlannedFault: Sendable, Equatable {
    public var kind: SimulatedDisk.Fault
    /// How many writes, syncs and the like of the machine go well before.
    public var after: Int
    /// Whether it is the hub's disk, and not that of the copy's machine.
    public var isHubs: Bool

    public init(_ kind: SimulatedDisk.Fault, after: Int, isHubs: Bool = false) {
        self.kind = kind
        self.after = after
        self.isHubs = isHubs
    }
}

extension WorldStep: CustomStringConvertible {
    public var description: String {
        let fault = self.fault.map {
            ", \($0.isHubs ? "hub " : "")\($0.kind.rawValue) after \($0.after)"
        }
        return "\(act.rawValue) by \(copy), seed \(seed)\(fault ?? "")\(isCalm ? ", calm" : "")"
    }
}
