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

extension RecordInput {
    /// The key of a record that comes without one (DESIGN.md section 3, event).
    ///
    /// - Precondition: the kind has a rule for it.
    func derivedKey() throws(InputFault) -> RecordKey {
        guard let rule = kind.derivedKey else {
            preconditionFailure("the key is derived by a rule")
        }
        guard let prefix = values[rule.prefix]?.text else {
            throw InputFault(
                field: rule.prefix,
                "\(rule.prefix) is missing, and there is no \(kind.key[0].name)",
                hint: "Give it for the whole file: --\(rule.prefix) NAME")
        }
        return RecordKey([
            DerivedKey.text(prefix: prefix, digest: rule.digest.map { values[$0] })
        ])
    }
}
