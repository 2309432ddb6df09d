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
                try input.add(Element(field: field.name, text: try self.element(element)))
            }
        } else {
            input.values[field.name] = try value(cell)
        }
    }
}

extension RecordInput {
    /// Adds an element, once.
    ///
    /// - Throws: `InputFault` as soon as there are more than a record takes, so that a cell of millions is not gone through.
    mutating func add(_ element: Element) throws(InputFault) {
        if added.contains(element) { return }
        added.append(element)
        guard added.count > FieldType.maximumElements,
            added.count(where: { $0.field == element.field }) > FieldType.maximumElements
        else { return }
        throw InputFault(
            field: element.field,
            "\(element.field) has more than \(FieldType.maximumElements) elements")
    }
}
