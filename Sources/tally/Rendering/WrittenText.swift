import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

extension Written {
    /// `  (k3m9x2p7:12)`, to stand behind what was done; nothing where nothing was written.
    var mark: String { revisions.last.map { "  (\($0.short))" } ?? "" }
}

extension JSONValue.Member {
    /// `revision`: the last changeset that was written, null where there was nothing to write.
    init(revisionOf written: Written) {
        self.init(
            "revision", written.revisions.last.map { .string($0.description) } ?? .null)
    }
}
