import TallyCore

/// What the codes of a record are called.
public enum CodeName {
    /// The name of a value of a field; nil where it has none.
    ///
    /// From the code list that the field is held to; a field that is held to none, from the list of its own name, if there is one.
    public static func of(_ value: String, field: Kind.Field) -> String? {
        if field.type == .product { return ProductName(of: value)?.text }
        guard let list = CodeList.named(field.codes ?? field.name) else { return nil }
        return list[value]?.name
    }
}
