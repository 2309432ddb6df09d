import TallyCore
import TallyStore

/// What is the same in every row of a file, read once.
struct RowConstants {
    /// The names of the fields, of key fields too.
    private(set) var fields: [String] = []
    /// What every record begins with.
    private(set) var input: RecordInput
    /// The parts of the key, by field.
    private(set) var parts: KeyParts

    init(of kind: Kind) {
        input = RecordInput(kind: kind)
        parts = KeyParts(of: kind)
    }

    mutating func add(_ field: Kind.Field, _ text: String) throws(InputFault) {
        try FieldInput(field).read(text, into: &input, &parts)
        fields.append(field.name)
    }
}
