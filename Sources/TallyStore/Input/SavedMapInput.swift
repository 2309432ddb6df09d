import TallyCore
import TallyWire

/// The setting `map.NAME`, by which files are read, that a person or a file gives.
///
/// Only the shape of the members that this version knows is judged: a newer one may know other formats, and more members.
public enum SavedMapInput {
    public static let prefix = "map."

    private static let texts = ["format", "kind", "classification", "encoding", "delimiter"]
    private static let tables = ["columns", "constants"]
    private static let powers = -15...15
    private static let marks = ["decimal", "shown"]

    /// - Parameter name: of the setting.
    /// - Throws: `InputFault` for a map that could not be read; for no other setting.
    static func check(_ value: Value, of name: String) throws(InputFault) {
        guard name.hasPrefix(prefix), let text = value.text else { return }
        let own = String(name.dropFirst(prefix.count))
        guard Shape.isSource(own) else {
            throw InputFault(
                field: "name", "\(JSONString.quoted(own)) is no name for a saved map",
                hint: "Use lower-case letters, digits, dots and dashes, as in map.kosis-monthly.")
        }
        if let reason = fault(in: text) {
            throw InputFault(
                field: "value", "the setting \(name) would be no map that can be read: \(reason)",
                hint: "A map is saved by an import that names the columns: --save-map \(own)")
        }
    }

    /// Why a text is no map; nil where it is one.
    public static func fault(in text: String) -> String? {
        guard let value = try? JSONValue(parsing: Array(text.utf8)), value.object != nil else {
            return "it is no JSON object"
        }
        guard let header = value["header"]?.array, !header.isEmpty,
            header.allSatisfy({ $0.string != nil })
        else { return "header is not the list of the columns' names" }
        func first(_ names: [String], isWrong: (JSONValue) -> Bool) -> String? {
            names.first { value[$0].map(isWrong) ?? false }
        }
        if let name = first(
            tables, isWrong: { $0.object?.allSatisfy { $0.value.string != nil } != true })
        {
            return "\(name) does not say a text for each field"
        }
        if let name = first(texts, isWrong: { $0.string == nil }) { return "\(name) is no text" }
        if let name = first(marks, isWrong: { !["point", "comma"].contains($0.string) }) {
            return "\(name) is neither point nor comma"
        }
        if first(["dates"], isWrong: { !["dmy", "mdy"].contains($0.string) }) != nil {
            return "dates is neither dmy nor mdy"
        }
        let isPower =
            value["scale"].map {
                $0.number.flatMap { Int(exactly: $0) }.map(powers.contains) == true
            }
            ?? true
        return isPower ? nil : "scale is no power of ten, as 6 for millions"
    }
}
