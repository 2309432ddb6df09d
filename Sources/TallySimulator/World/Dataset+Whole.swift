import TallyCore
import TallyFormats
import TallyStore
import TallyWire

// All of a dataset file, for comparing.
extension Dataset {
    /// The lines of the log in order.
    func allLines() throws -> [[UInt8]] {
        try read { try $0.lines(after: 0, maximumCount: .max, maximumBytes: .max / 2).lines }
    }

    func allHashes() throws -> Set<ChangesetHash> {
        Set(try allLines().map { try ChangesetLine($0).hash })
    }

    func export(of kind: String) throws -> String {
        var text = ""
        try read { access in
            guard let kind = access.kinds[kind] else { return }
            try RecordExport.jsonLines(kind, from: access) { text += $0 }
        }
        return text
    }

    /// What `tally export --format jsonl` and `csv` give of every kind: the same on every copy that has the same changesets.
    public func wholeExport() throws -> String {
        var text = ""
        try read { access in
            for kind in access.kinds.all {
                try RecordExport.jsonLines(kind, from: access) { text += $0 }
                try RecordExport.csv(kind, from: access) { text += $0 }
            }
            try RecordExport.unknownKinds(from: access) { text += $0 }
        }
        return text
    }
}
