import TallyCore

extension DatasetEditor {
    /// Takes into one record what another says beside it, and deletes that, in one changeset.
    ///
    /// - Precondition: as of ``rename(_:to:kind:)``; both are of the kind.
    public func merge(
        _ keep: RecordView, from duplicate: RecordView, kind: Kind
    ) throws -> RecordMerge {
        let merge = try RecordMerge(keep, from: duplicate, kind: kind, in: reading.kinds)
        try edit(duplicate.address, [.delete])
        try edit(keep.address, merge.edits)
        return merge
    }
}
