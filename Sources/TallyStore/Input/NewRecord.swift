import TallyCore

/// A record of which nothing is known, with all that is given of it, ready for a line.
///
/// Only of one of which nothing is given but fields that are no sets: so are most records of an import.
public struct NewRecord: Sendable {
    public let address: RecordAddress
    /// The statements that say something, by their number in the kind.
    let statements: UInt64
    /// Their values, in the order of the kind.
    let values: [Value]

    /// - Returns: nil for a record of which something else is given, or nothing.
    /// - Throws: `InputFault` where it breaks a rule between fields.
    public init?(
        _ input: RecordInput, as address: RecordAddress, in kinds: KindCatalog
    ) throws(InputFault) {
        let kind = input.kind
        guard input.added.isEmpty, input.unknown.isEmpty, kind.statements.count <= 64 else {
            return nil
        }
        try input.check(of: address, beside: [:], in: kinds)
        var (statements, values): (UInt64, [Value]) = (0, [])
        values.reserveCapacity(kind.fields.count)
        for (index, statement) in kind.statements.enumerated() where input.isSaid(statement) {
            statements |= 1 << index
            for position in statement.positions { values.append(input.newValue(at: position)) }
        }
        if statements == 0 { return nil }
        self.address = address
        self.statements = statements
        self.values = values
    }

    /// The fields of the values.
    func fields(of kind: Kind) -> [String] {
        kind.statements.indices.filter { statements & 1 << $0 != 0 }
            .flatMap { kind.statements[$0].fields }
    }
}
