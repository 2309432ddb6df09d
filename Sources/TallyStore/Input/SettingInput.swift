import TallyCore

/// The value of a setting that a person or a file gives: those that Tally itself obeys are judged when they are written.
enum SettingInput {
    /// - Throws: `InputFault` for a policy or a saved map that there cannot be.
    static func check(
        _ value: Value, of name: String, in kinds: KindCatalog
    ) throws(InputFault) {
        try PolicyInput.check(value, of: name, in: kinds)
        try SavedMapInput.check(value, of: name)
    }
}
