import TallyCore
import TallyStore

/// Puts records of trade together from what a file says of them.
struct TradeRows {
    let kind: Kind
    private let inputs: [String: FieldInput]
    private let constants: RowConstants

    /// - Parameters:
    ///   - given: the fields that the file gives.
    ///   - source: who publishes, unless the user names another.
    init(
        _ kind: Kind, given: [String], source: String?, _ context: MappingContext
    ) throws(FormatError) {
        self.kind = kind
        let fields = kind.key + kind.fields
        inputs = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, FieldInput($0)) })
        constants = try context.constants(of: kind, besides: given, source: source)
        let known = given + constants.fields
        let missing = kind.key.map(\.name).filter { !known.contains($0) }
        guard missing.isEmpty else {
            let how = missing.map {
                $0 == "source" ? "--source NAME" : "--set \($0)=\(Self.example($0))"
            }
            throw FormatError(
                "the file does not say the \(missing.joined(separator: ", ")) of its figures",
                location: "row 1",
                hint: "Say what holds for every row: \(how.joined(separator: " "))")
        }
    }

    private static func example(_ field: String) -> String {
        ["reporter": "KOR", "partner": "CHN", "flow": "X", "product": "TOTAL", "period": "2023"][
            field]
            ?? "VALUE"
    }

    /// - Parameter fields: texts by field, the key among them; an empty one is null.
    func record(
        _ fields: [(name: String, text: String)], part: RowRecord.Part? = nil
    ) throws(InputFault) -> RowRecord {
        var (input, parts) = (constants.input, constants.parts)
        for (name, text) in fields {
            guard let field = inputs[name] else {
                preconditionFailure("trade has no field \(name)")
            }
            try field.read(text, into: &input, &parts)
        }
        return RowRecord(
            kind: kind, key: try input.key(parts), change: .put(input), part: part)
    }
}
