import TallyStore

/// Categories of PLOVER, and the types of ours that are one of them with a mode.
enum PLOVERCategory {
    private static let list = CodeList.named("event_type")
    private static let index = list.map { CodeIndex($0) }

    /// Types that PLOVER has within a category. `visit` is a mode of its own; of the others the mode is our word.
    private static let ofTypes = [
        "visit": "consult", "meeting": "consult", "summit": "consult", "encounter": "consult",
        "agreement": "agree",
    ]

    /// The type of a category: `assault` for `ASSAULT`, and for `FIGHT`, as it was called once; nil for what is no category.
    ///
    /// - Parameter mode: makes it the more precise type of ours that it names.
    static func type(_ category: String, mode: String) -> String? {
        guard let type = index?.entry(name: category), type.kind == "plover" else { return nil }
        return ofTypes[mode] == type.code ? mode : type.code
    }

    /// What a type is in PLOVER; nil for a type that it has no category for.
    static func category(of type: String) -> (name: String, mode: String?)? {
        if let category = ofTypes[type] { return (category.uppercased(), type) }
        return list?[type]?.kind == "plover" ? (type.uppercased(), nil) : nil
    }
}
