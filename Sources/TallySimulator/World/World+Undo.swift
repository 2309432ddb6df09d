import TallyCore
import TallyStore
import TallyWire

// What people take back.
extension World {
    func undo(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) {
        let pick =
            step.seed == WorldStep.ofLatest ? 0 : random.below(random.pick([1, 4, 12]))
        command(index, step) { dataset, place in
            try takeTyped(index, dataset, place, by: step.act)
            let infos = try dataset.read { try $0.latestChangesets(limit: 12) }
            guard !infos.isEmpty,
                let deed = try wholeDeed(of: infos[pick % infos.count], dataset)
            else { return }
            let (now, without) = try (
                shownRows(dataset), shownRows(dataset, without: deed.revisions)
            )
            var report: UndoReport?
            try dataset.write(at: place) { editor in
                editor.message = "undo"
                report = try editor.undo(deed)
            }
            let records = try editedRecords(deed, dataset)
            let left = Set(report?.left.map(\.address) ?? [])
            try see(index, dataset, isAcknowledged: true, by: step.act)
            try checkUndo(of: records, left, now, without, after: shownRows(dataset))
        }
    }

    /// A deed of which a part is missing is left.
    private func wholeDeed(of info: RevisionInfo, _ dataset: Dataset) throws -> TallyStore.Deed? {
        do {
            return try dataset.read { try $0.deed(of: info) }
        } catch let error as StoreError where error.code == .badInput && info.group != nil {
            counts.count("deeds that are not whole")
            return nil
        }
    }

    private func editedRecords(_ deed: TallyStore.Deed, _ dataset: Dataset) throws -> Set<
        RecordAddress
    > {
        try dataset.read { access in
            var records: Set<RecordAddress> = []
            for info in deed.infos {
                for edit in try access.changeset(at: info.position).edits {
                    for row in edit.rows {
                        records.insert(RecordAddress(kind: edit.kind, key: row.key))
                    }
                }
            }
            return records
        }
    }

    /// Of a record that the deed edited each cell is as it would be without the deed, or as it was where something of the
    /// record is said to be left; of all others nothing has changed.
    private func checkUndo(
        of records: Set<RecordAddress>, _ left: Set<RecordAddress>,
        _ before: [RecordAddress: [String]], _ without: [RecordAddress: [String]],
        after: [RecordAddress: [String]]
    ) throws {
        // By a policy that is taken back every other record may be another.
        let isPolicy = records.contains { $0.kind == "setting" }
        for record in Set(before.keys).union(after.keys).union(without.keys) {
            let (was, wanted, found) = (before[record], without[record], after[record])
            let isRight: Bool
            if !records.contains(record) {
                isRight = found == was || isPolicy && found == wanted
            } else if left.contains(record) {
                isRight = found == was || found == wanted || isBetween(found, was, wanted)
            } else {
                isRight = found == wanted
            }
            guard !isRight else { continue }
            throw Violation(
                "undo",
                "\(record) was \(was ?? []), without it \(wanted ?? []), and is \(found ?? [])")
        }
        counts.count("undos judged")
    }

    private func isBetween(_ found: [String]?, _ was: [String]?, _ wanted: [String]?) -> Bool {
        guard let found, let was, let wanted else { return false }
        return found.indices.allSatisfy { found[$0] == was[$0] || found[$0] == wanted[$0] }
    }
}
