import TallyCore
import TallyStore

/// What a person has open in a spreadsheet: a file as it was, in which they edit while it goes on.
struct WorldSheet {
    let vector: RevisionVector
    let fingerprint: String
    /// By origin, what the file held.
    let held: [ChangesetHash]
}

// Sheets that are exported, edited, and brought back when others have gone on.
extension World {
    func useSheet(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) {
        guard let sheet = files[index].sheet else {
            command(index, step) { dataset, _ in try export(index, dataset, step) }
            return
        }
        var topic = SeededGenerator(seed: step.topic)
        let (scene, address) = record(index, &topic)
        let edits =
            topic.chance(percent: 20) ? [.delete] : scene.matter(&topic).edits(&random)
        // A file that was restored, or whose fork was repaired, may have it under no name.
        look(index)
        command(
            index, step, mayFail: { [.noRecord, .badInput].contains(($0 as? StoreError)?.code) }
        ) { dataset, place in
            guard try dataset.read({ try $0.fingerprint(of: sheet.vector) }) == sheet.fingerprint
            else { return }
            files[index].brought = sheet.held
            let authoring = Authoring(message: Ledger.sheetMessage)
            let written = try dataset.write(at: place, authoring) { editor in
                try editor.editing(asOf: sheet.vector) { try editor.edit(address, edits) }
            }
            guard let revision = written.revisions.last else {
                throw Violation("in force", "\(edits) was not written")
            }
            let state = try dataset.read { try $0.view(address).state }
            for edit in edits where !state.stands(edit, by: revision, orBeside: true) {
                throw Violation("in force", "\(edit) of \(address) does not stand beside the rest")
            }
            counts.count("sheets brought back")
            // The same sheet comes back once more, or the next is of what is there now.
            if random.chance(percent: 70) { try export(index, dataset, step) }
        }
    }

    func export(_ index: Int, _ dataset: Dataset, _ step: WorldStep) throws {
        try see(index, dataset, isAcknowledged: true, by: step.act)
        let (vector, fingerprint) = try dataset.read {
            ($0.vector, try $0.fingerprint(of: $0.vector))
        }
        files[index].sheet = WorldSheet(
            vector: vector, fingerprint: fingerprint, held: files[index].log)
    }
}
