import TallyCore
import TallyStore

extension DatasetAccess {
    /// The record, which must be there.
    ///
    /// - Throws: `StoreError` saying whether it never was or was deleted.
    func existing(_ address: RecordAddress) throws -> RecordView {
        let view = try view(address)
        if view.isGone {
            throw StoreError(
                .noRecord, "\(address) was deleted",
                hint: "Bring it back with: tally restore \(ShellWord.quoted(address))\n"
                    + "See what it held with: tally history \(ShellWord.quoted(address))")
        }
        guard view.isVisible else {
            throw StoreError(
                .noRecord, "There is no record \(address)",
                hint: "See what there is with: tally list \(address.kind)")
        }
        return view
    }
}
