/// How a dataset file can be opened where it lies.
///
/// SQLite wants a log and an index beside a file in WAL mode, even to read it
/// (https://www.sqlite.org/wal.html#read_only_databases). Where the file may not be written, it would make them as
/// read-only as the file, and leave them in its owner's way; so nothing is made there.
enum Entrance {
    /// As any file: what SQLite needs beside it may be made, and goes when the last one closes.
    case open
    /// By the log and the index that are there: others are at work, or have left them.
    case besideOthers
    /// As it lies at rest, without locks: nobody writes it, which is checked at the end of each reading.
    case atRest(FileMoment)
    /// As any file that is only read, but what others have left in the log is not folded back.
    case lookingOn

    /// - Throws: `StoreError` when the file cannot be read as it lies.
    static func forReading(_ path: String) throws(StoreError) -> Entrance {
        let place = FilePlace(path)
        let log = place.size(of: place.log)
        let isBesideOthers = log != nil && place.size(of: place.index) != nil
        if place.obstacle() == nil {
            // On a full disk there is no room for what SQLite would make beside it; a file at rest is read without.
            let isFull = !isBesideOthers && DiskSpace.isExhausted(at: place.file)
            return isFull && log ?? 0 == 0 ? .atRest(FileMoment(place)) : .open
        }
        if isBesideOthers { return .besideOthers }
        guard log ?? 0 == 0 else {
            throw StoreError(
                .readOnly,
                "The latest changes of \(path) are in \(path)-wal, where a program that did not end well left "
                    + "them; they cannot be read without writing beside the file",
                hint: "Let somebody who may write it open it once: tally -f \(path) status")
        }
        return .atRest(FileMoment(place))
    }

    /// So that nothing changes, whatever is wrong with the file: a log beside it is made by others only.
    ///
    /// - Throws: `StoreError` when the file cannot be read as it lies.
    static func forExamination(_ path: String) throws(StoreError) -> Entrance {
        let place = FilePlace(path)
        if place.size(of: place.log) ?? 0 == 0, place.size(of: place.index) == nil {
            return .atRest(FileMoment(place))
        }
        return place.obstacle() == nil ? .lookingOn : try forReading(path)
    }

    /// - Throws: `StoreError` with the code `readOnly`, naming what may not be written.
    static func forWriting(_ path: String) throws(StoreError) -> Entrance {
        if let obstacle = FilePlace(path).obstacle() { throw obstacle.error(path) }
        return .open
    }

    /// The file as SQLite is to be told of it.
    func name(_ path: String) -> String {
        switch self {
        case .open, .lookingOn: FileURI.plain(path)
        case .besideOthers: FileURI.readOnlyIndex(path)
        case .atRest: FileURI.immutable(path)
        }
    }
}
