import Synchronization
import TallyCore
import TallyStore
import TallyWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A dataset file that a hub holds open, twice: who reads does not queue behind a push that is being written.
///
/// SQLite shows a commit to other connections only when it is in the write-ahead log for good, so that what a reader
/// hands on is as durable as what a push was told (https://www.sqlite.org/wal.html).
struct OpenDataset: Sendable {
    let writer: Dataset
    let reader: Dataset

    /// Device and number of the file when it was opened.
    private let place: [UInt64]

    var id: DatasetID { writer.id }

    private static func place(of path: String) -> [UInt64]? {
        var status = stat()
        return stat(path, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
    }

    /// Whether the file under the path is still the one that is open.
    ///
    /// What is written to a file that was deleted or replaced is gone with the process, so nothing more may be acknowledged.
    func isInPlace(_ path: String) -> Bool { Self.place(of: path) == place }

    init(path: String) throws {
        place = Self.place(of: path) ?? []
        // The writer first: it makes the files beside the database that a reader cannot make.
        // A hub holds many datasets open.
        writer = try Dataset.open(path: path, cacheMiB: 4)
        do {
            reader = try Dataset.open(path: path, readOnly: true)
        } catch {
            writer.close()
            throw error
        }
    }

    /// The writer last: only it can fold the write-ahead log back.
    func close() {
        reader.close()
        writer.close()
    }
}

/// The dataset files of a hub, `DIR/NAME.tally`: opened when first asked for, kept open until the hub stops.
final class DatasetFolder: Sendable {
    let path: String
    private let randomBytes: @Sendable (Int) -> [UInt8]
    private let state = Mutex(State())

    private struct State {
        var open: [String: OpenDataset] = [:]
        var isClosed = false
    }

    init(path: String, randomBytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.path = path
        self.randomBytes = randomBytes
    }

    var openCount: Int { state.withLock { $0.open.count } }

    private func file(_ name: String) -> String {
        precondition(DatasetName.isValid(name), "names are checked before they make a path")
        return "\(path)/\(name).tally"
    }

    /// - Returns: nil when there is no dataset of that name.
    func dataset(named name: String) throws -> OpenDataset? {
        try state.withLock { try Self.dataset(named: name, at: file(name), in: &$0) }
    }

    private static func dataset(
        named name: String, at file: String, in state: inout State
    ) throws -> OpenDataset? {
        if let dataset = state.open[name] {
            guard dataset.isInPlace(file) else {
                throw StoreError(
                    .fault, "\(file) was deleted or replaced while the hub had it open",
                    hint: "Start the hub again.")
            }
            return dataset
        }
        guard !state.isClosed else { throw StoreError(.busy, "The hub is stopping") }
        guard access(file, F_OK) == 0 else { return nil }
        let dataset = try OpenDataset(path: file)
        state.open[name] = dataset
        return dataset
    }

    /// Makes a dataset, unless there is one of that name.
    func create(name: String, id: DatasetID) throws -> (dataset: OpenDataset, isNew: Bool) {
        try state.withLock { state in
            let file = file(name)
            if let dataset = try Self.dataset(named: name, at: file, in: &state) {
                return (dataset, false)
            }
            var isNew = true
            do {
                try Dataset.create(path: file, name: name, id: id, randomBytes: randomBytes).close()
            } catch let error as StoreError where error.code == .fileExists {
                // Another process made it meanwhile.
                isNew = false
            }
            guard let dataset = try Self.dataset(named: name, at: file, in: &state) else {
                throw StoreError(.noFile, "\(file) has gone")
            }
            return (dataset, isNew)
        }
    }

    /// Closes all files; each is then one whole file, unless another process has it open.
    func close() {
        let datasets = state.withLock { state in
            state.isClosed = true
            defer { state.open = [:] }
            return Array(state.open.values)
        }
        for dataset in datasets { dataset.close() }
    }
}
