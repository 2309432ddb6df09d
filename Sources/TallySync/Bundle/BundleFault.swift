import TallyCore
import TallyStore
import TallyWire

/// Why a file is not taken for a whole bundle.
enum BundleFault: Error, Equatable {
    case notABundle
    case newer(version: Int, format: Int)
    case cut
    case damaged(String)
}

extension SyncError {
    init(_ fault: BundleFault, at path: String) {
        let again = "Nothing was taken from it. Copy it here again, or ask for a new one."
        switch fault {
        case .notABundle:
            self.init(
                .damaged, "\(path) is no Tally bundle",
                hint: "Name a bundle, as tally bundle create makes it, or a dataset.")
        case .newer(let version, let format):
            self.init(
                .newerFormat,
                "\(path) is a bundle of version \(version) with changesets of format \(format); this version of "
                    + "Tally reads up to \(BundleHeader.version) and \(ChangesetLine.format)",
                hint: "Nothing was changed. Install a newer version of Tally.")
        case .cut: self.init(.damaged, "\(path) is cut off: its end is missing", hint: again)
        case .damaged(let what): self.init(.damaged, "\(path) is damaged: \(what)", hint: again)
        }
    }

    /// A bundle goes on from what is not here.
    ///
    /// - Parameter missing: of each replica the last changeset that is here, 0 for none, and the one that the bundle goes on
    ///   from; where both have one number, they are two changesets of one name.
    init(lacking missing: [(replica: ReplicaID, here: Int, wanted: Int)], for path: String) {
        let shown = missing.prefix(3).map { gap in
            let (from, to) = (gap.here + 1, gap.wanted)
            return "\(gap.replica.short) "
                + (gap.here >= to
                    ? "\(to) (another here)" : from == to ? "\(to)" : "\(from) to \(to)")
        }
        let more = missing.count > 3 ? " and of \(missing.count - 3) more" : ""
        self.init(
            .missing,
            "\(path) goes on from changesets that are not here: of replica \(shown.joined(separator: ", of "))\(more)",
            hint:
                "Nothing was changed. Take the bundles before it first, or ask for one that begins earlier; one of "
                + "everything is made by: tally bundle create FILE")
    }
}
