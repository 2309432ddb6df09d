import TallyCore
import TallyWire

/// Everything that was ever written in a world, and what the copy that wrote it held then: read from the logs of the
/// files, line by line, and never from what a line says that it has seen.
///
/// A line that was written anew, to repair a fork, is the same deed: it goes by the hash of the first, its origin.
struct Ledger {
    private(set) var entries: [ChangesetHash: Entry] = [:]
    /// By what a line says of itself but its name: it stays when it is written anew.
    private var origin: [String: ChangesetHash] = [:]
    /// The origins of what somebody was told is written, and of which no file was destroyed by people.
    private(set) var promised: Set<ChangesetHash> = []
    private var names: [Revision: ChangesetHash] = [:]
    /// Revisions of which two were written, those written anew left out.
    private(set) var forks: [Revision] = []

    struct Entry {
        let line: ChangesetLine
        let origin: ChangesetHash
        /// The origins of what the copy had integrated; of a line that was written anew, what the first had.
        let integrated: Set<ChangesetHash>
        let replica: ReplicaID
        let at: Timestamp
    }

    /// Sees the log of a file, from where it was seen last on: lines that are new in the world were written there, by whoever wrote that file.
    ///
    /// - Parameters:
    ///   - seenByTool: the origins of what an edit by another tool had seen, where one has waited.
    ///   - seenInSheet: those of what the sheet had seen that was brought back last.
    /// - Returns: the origins of the whole log, in order, and the lines that are new.
    mutating func witness(
        _ log: [[UInt8]], after known: [ChangesetHash], of file: String,
        seenByTool: [ChangesetHash]?, seenInSheet: [ChangesetHash]
    ) throws -> (origins: [ChangesetHash], new: [ChangesetLine]) {
        var origins = known
        var new: [ChangesetLine] = []
        for bytes in log {
            let line = try ChangesetLine(bytes)
            if let known = entries[line.hash] {
                origins.append(known.origin)
                continue
            }
            let was = try line.was()
            let deed = try line.deed()
            // Written anew twice by one command, it is known by what it says.
            if let was, let first = entries[was] ?? origin[deed].flatMap({ entries[$0] }) {
                guard try first.line.deed() == deed else {
                    throw Violation(
                        "rewritten",
                        "\(file) has \(line.hash) for \(was), which says something else: \(deed)")
                }
                entries[line.hash] = try entry(line, first.origin, first.integrated)
                origins.append(first.origin)
                continue
            }
            var integrated = Set(origins)
            if try line.message() == Self.toolMessage, let seenByTool {
                integrated = Set(seenByTool).union(
                    new.compactMap { entries[$0.hash]?.origin })
            } else if try line.message() == Self.sheetMessage {
                integrated = Set(seenInSheet)
            } else if let was {
                // Only edits by another tool are written and written anew by one command.
                throw Violation("rewritten", "\(file) has \(line.hash) for the unknown \(was)")
            }
            let origin = was ?? line.hash
            entries[line.hash] = try entry(line, origin, integrated)
            self.origin[deed] = origin
            origins.append(origin)
            new.append(line)
            let revision = Revision(try line.replica(), try line.seq())
            if names[revision] != nil { forks.append(revision) }
            names[revision] = line.hash
        }
        return (origins, new)
    }

    private func entry(
        _ line: ChangesetLine, _ origin: ChangesetHash, _ integrated: Set<ChangesetHash>
    ) throws -> Entry {
        Entry(
            line: line, origin: origin, integrated: integrated, replica: try line.replica(),
            at: try line.at())
    }

    static let sheetMessage = "edited in a sheet"
    static let toolMessage = "edited with another tool"

    mutating func promise(_ origins: some Sequence<ChangesetHash>) {
        promised.formUnion(origins)
    }

    /// What people destroyed: they were told, and nobody else had it.
    mutating func release(_ origins: some Sequence<ChangesetHash>) {
        promised.subtract(origins)
    }
}

extension ChangesetLine {
    fileprivate func deed() throws -> String {
        let changeset = try changeset(kinds: KindCatalog([]))
        return """
            \(changeset.at) \(changeset.author)@\(changeset.machine) \(changeset.message ?? "-") \
            \(changeset.isImport) \(changeset.group.map { "\($0)" } ?? "-") \
            \(changeset.edits.map(\.description))
            """
    }
}

/// Something that must not be.
struct Violation: Error, CustomStringConvertible {
    let law: String
    let text: String

    init(_ law: String, _ text: String) {
        self.law = law
        self.text = text
    }

    var description: String { "\(law): \(text)" }
}
