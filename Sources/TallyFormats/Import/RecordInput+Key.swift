import TallyCore
import TallyStore

extension RecordInput {
    /// The key that a row gives.
    func key(_ parts: KeyParts) throws(InputFault) -> RecordKey {
        var key = RecordKey(reserving: 8 * kind.key.count)
        for (field, text) in zip(kind.key, parts.texts) {
            guard let text else {
                throw InputFault(
                    field: field.name, "\(field.name) is missing",
                    hint: "It is part of the key: \(field.label).")
            }
            key.append(text)
        }
        return key
    }

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
