import TallyCore
import TallyStore

extension FieldInput {
    /// Reads a cell into a record; the elements of a set are separated by `;`.
    func read(
        _ cell: String, into input: inout RecordInput, _ parts: inout [String: String]
    ) throws(InputFault) {
        if input.kind.isKeyField(field.name) {
            parts[field.name] = try keyPart(cell)
        } else if field.type == .set {
            for element in ElementList.split(cell) {
                let element = Element(field: field.name, text: try self.element(element))
                if !input.added.contains(element) { input.added.append(element) }
            }
        } else {
            input.values[field.name] = try value(cell)
        }
    }
}
