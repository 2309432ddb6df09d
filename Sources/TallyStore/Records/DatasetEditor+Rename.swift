import TallyCore

extension DatasetEditor {
    /// Gives a record another key: a deletion and an addition, in one changeset.
    ///
    /// Where the other key was deleted before, nothing that it held then comes back.
    ///
    /// - Parameter place: the record under the other key, as it is: gone, or never there.
    /// - Precondition: the record has no conflict, and this transaction has edited neither.
    /// - Throws: `InputFault` where the other key makes a policy or a saved map of it that there is not; `StoreError` when both together are larger than a changeset may be.
    public func rename(_ record: RecordView, to place: RecordView, kind: Kind) throws {
        precondition(!place.isVisible, "\(place.address) is there")
        let content = RecordContent(record, kind: kind)
        if kind.name == PolicySettings.kind, let value = record.row?.values["value"] {
            try SettingInput.check(value, of: place.address.key.parts[0], in: reading.kinds)
        }
        // The deletion first: it is small, and a line is ended after what fills it, so that both stand in one.
        try edit(record.address, [.delete])
        try edit(
            place.address,
            place.isGone
                ? content.editsOverDeleted(place.state, kind: kind) : content.editsOfNew)
    }
}
