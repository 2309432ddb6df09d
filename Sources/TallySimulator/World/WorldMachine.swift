import TallyCore
import TallyStore

/// A machine of a world: its disk, its clock, its home.
final class WorldMachine {
    let name: String
    let author: String
    let folder: String
    let clock: WorldClock
    let identities: WorldIdentities
    let disk: WorldDisk

    init(name: String, author: String, folder: String, clock: WorldClock) throws {
        try FileSystem.makeFolder(folder)
        self.name = name
        self.author = author
        self.folder = folder
        self.clock = clock
        let disk = WorldDisk(folder: folder)
        self.disk = disk
        identities = WorldIdentities(on: disk)
    }

    func workplace(_ random: WorldRandom) -> Workplace {
        let clock = clock
        return Workplace(
            author: author, machine: name, identities: identities, clock: { clock.now },
            randomBytes: random.bytes, readsConcurrently: false)
    }
}

/// A dataset file of a world.
struct WorldFile {
    let name: String
    var path: String
    var machine: Int
    let version: WorldSpace.Version
    /// What its log was seen to hold, by origin, in order.
    var log: [ChangesetHash] = []
    /// The end of the log as it was then.
    var cursor: LogCursor?
    /// What was written here, and whoever wrote it was told so: it is there whatever happens to the machine.
    var kept: Set<ChangesetHash> = []
    /// By origin, what it held when it was last seen closed and without a log beside it: that is on the disk.
    var safe: Set<ChangesetHash> = []
    /// By origin, what a command that is at work here has written, as far as somebody has looked.
    var unacknowledged: [ChangesetHash] = []
    var waiting: ToolEdits?
    var sheet: WorldSheet?
    /// By origin, what the file held of which the sheet was that was brought back last.
    var brought: [ChangesetHash] = []
    /// How often cursors had been misled when it last pulled all; nil where the power failed since.
    var misleadings: Int? = 0
    /// When it last pulled all from a hub, in the world's time; nil where it never has.
    var pulledAt: Int64?
    /// How often its machine had lost power when it was seen last.
    var powerCuts = 0
}

/// A backup of a file, made while it was at rest or by `tally backup`.
struct WorldBackup {
    let path: String
    let file: WorldFile
    /// Of the machine that the file was on.
    let home: [ReplicaID: IdentityEntry]
}
