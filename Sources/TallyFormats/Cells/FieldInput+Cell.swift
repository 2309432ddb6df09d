import TallyCore
import TallyStore

/// Reads the cells of one column into a field.
///
/// Most columns repeat one text or a few: the last one is not checked again.
struct ColumnInput {
    let input: FieldInput
    private let place: Place
    private var last: (cell: String, value: Value)?

    private enum Place {
        case key(Int)
        case value(Int)
        case set
    }

    init(_ field: Kind.Field, of kind: Kind) {
        input = FieldInput(field)
        if let position = kind.key.firstIndex(where: { $0.name == field.name }) {
            place = .key(position)
        } else if field.type != .set, let position = kind.position(of: field.name) {
            place = .value(position)
        } else {
            place = .set
        }
    }

    /// Reads a cell into a record; the elements of a set are separated by `;`.
    mutating func read(
        _ cell: String, into input: inout RecordInput, _ parts: inout KeyParts
    ) throws(InputFault) {
        switch place {
        case .key(let position):
            if let last, last.cell == cell {
                parts[position: position] = last.value.text
            } else {
                let part = try self.input.keyPart(cell)
                parts[position: position] = part
                last = (cell, .text(part))
            }
        case .value(let position):
            if let last, last.cell == cell {
                input.values[position: position] = last.value
            } else {
                let value = try self.input.value(cell)
                input.values[position: position] = value
                last = (cell, value)
            }
        case .set:
            if cell.isEmpty { return }
            try self.input.readSet(cell, into: &input)
        }
    }
}

extension FieldInput {
    /// Reads a cell into a record; the elements of a set are separated by `;`.
    func read(
        _ cell: String, into input: inout RecordInput, _ parts: inout KeyParts
    ) throws(InputFault) {
        if input.kind.isKeyField(field.name) {
            parts[field.name] = try keyPart(cell)
        } else if field.type == .set {
            try readSet(cell, into: &input)
        } else {
            input.values[field.name] = try value(cell)
        }
    }

    fileprivate func readSet(_ cell: String, into input: inout RecordInput) throws(InputFault) {
        for element in ElementList.split(cell) {
            try input.add(Element(field: field.name, text: try self.element(element)))
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
