/// What of the options a saved map has said.
struct MapShare: Sendable {
    let name: String
    /// The options as a user would give them: `set reporter`, `map value`, `scale`.
    var options: Set<String> = []
}

/// Who has said what, for messages: the user, by an option, or a saved map.
extension ImportOptions {
    private func map(_ option: String, _ field: String?) -> String? {
        guard let share else { return nil }
        let isOfMap = share.options.contains(field.map { "\(option) \($0)" } ?? option)
        return isOfMap ? "the saved map \(Quoted.short(share.name))" : nil
    }

    /// The subject of a message: `--set`, or `the saved map "x"`.
    func sayer(of option: String, _ field: String? = nil) -> String {
        map(option, field) ?? "--\(option)"
    }

    /// An option itself as the subject: `--scale`, or `the scale of the saved map "x"`.
    func subject(_ option: String, called name: String) -> String {
        map(option, nil).map { "the \(name) of \($0)" } ?? "--\(option)"
    }

    /// A column as the subject: `--map value=X`, or `value=X of the saved map "x"`.
    func subject(column: String, of field: String) -> String {
        let said = "\(field)=\(column)"
        return map("map", field).map { "\(said) of \($0)" } ?? "--map \(said)"
    }

    /// Behind a message: nothing, or `, which the saved map "x" names`.
    func blame(_ option: String, _ field: String? = nil) -> String {
        map(option, field).map { ", which \($0) names" } ?? ""
    }

    /// What to do with a map that does not fit; nil for what the user said.
    func mending(_ option: String, _ field: String? = nil) -> String? {
        guard let share, map(option, field) != nil else { return nil }
        let anew = "save the map anew with an import: --save-map \(share.name)"
        guard option == "set", let field else { return "Read the file otherwise, or \(anew)" }
        return "Leave it away for this file: --set \(field)= , or \(anew)"
    }
}
