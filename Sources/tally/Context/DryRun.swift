import TallyStore

/// Ends a writing transaction with nothing written: what a dry run would do has been found.
struct RollBack: Error {}

extension Dataset {
    /// For a dry run, before it begins: a writing transaction first takes what other tools have edited, and a dry run
    /// writes nothing.
    ///
    /// - Throws: `StoreError` saying what waits.
    func checkNothingWaits() throws {
        guard let line = try read({ try $0.waitingEdits() }).line else { return }
        throw StoreError(
            .waiting, "A dry run writes nothing, and edits made with another tool wait: \(line)",
            hint: "Take them first: tally capture")
    }
}
