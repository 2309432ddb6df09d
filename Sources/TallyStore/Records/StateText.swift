import TallyCore
import TallyWire

/// The state of a record as JSON text, revisions named by their position in the log.
///
/// ```
/// {"e":[[position,"present"],…],
///  "s":{"value":{"h":true,"v":[[position,order,[124800000000,"USD",null,"P",null,null]],…]}},
///  "m":{"actors":{"KOR":[[position,true]]}}}
/// ```
/// A value of a field that is not known stands as `{"json":"…"}`.
struct StateText {
    let revisions: RevisionIndex

    func write(_ state: RecordState) throws -> String {
        var bytes: [UInt8] = []
        bytes.append(contentsOf: #"{"e":["#.utf8)
        for (index, version) in state.existence.enumerated() {
            let position = try revisions.position(of: version.revision)
            let comma = index > 0 ? "," : ""
            bytes.append(
                contentsOf: #"\#(comma)[\#(position),"\#(version.content.rawValue)"]"#.utf8)
        }
        bytes.append(contentsOf: #"],"s":{"#.utf8)
        let statements = state.statements.sorted { $0.key.precedesInBytes($1.key) }
        for (index, (name, statement)) in statements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONString.append(name, to: &bytes)
            bytes.append(contentsOf: #":{"h":\#(statement.hasHistory),"v":["#.utf8)
            for (index, version) in statement.versions.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                let position = try revisions.position(of: version.revision)
                bytes.append(contentsOf: "[\(position),\(version.order),[".utf8)
                for (index, value) in version.content.enumerated() {
                    if index > 0 { bytes.append(UInt8(ascii: ",")) }
                    append(value, to: &bytes)
                }
                bytes.append(contentsOf: "]]".utf8)
            }
            bytes.append(contentsOf: "]}".utf8)
        }
        bytes.append(contentsOf: #"},"m":{"#.utf8)
        try appendElements(state.elements, to: &bytes)
        bytes.append(contentsOf: "}}".utf8)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func appendElements(
        _ elements: [Element: [Version<Bool>]], to bytes: inout [UInt8]
    ) throws {
        var field: String?
        for (element, versions) in elements.sorted(by: { $0.key < $1.key }) {
            if field != element.field {
                if field != nil { bytes.append(contentsOf: "},".utf8) }
                JSONString.append(element.field, to: &bytes)
                bytes.append(contentsOf: ":{".utf8)
                field = element.field
            } else {
                bytes.append(UInt8(ascii: ","))
            }
            JSONString.append(element.text, to: &bytes)
            bytes.append(contentsOf: ":[".utf8)
            for (index, version) in versions.enumerated() {
                let position = try revisions.position(of: version.revision)
                let comma = index > 0 ? "," : ""
                bytes.append(contentsOf: "\(comma)[\(position),\(version.content)]".utf8)
            }
            bytes.append(UInt8(ascii: "]"))
        }
        if field != nil { bytes.append(UInt8(ascii: "}")) }
    }

    private func append(_ value: Value, to bytes: inout [UInt8]) {
        if case .opaque(let json) = value {
            bytes.append(contentsOf: #"{"json":"#.utf8)
            JSONString.append(json, to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        } else {
            value.append(to: &bytes)
        }
    }

    /// - Throws: `StoreError` where the text is not what `write` makes: the file is damaged.
    func read(_ text: String) throws -> RecordState {
        var state = RecordState()
        guard let json = try? JSONValue(parsing: Array(text.utf8)),
            let existence = json["e"]?.array,
            let statements = json["s"]?.object, let fields = json["m"]?.object
        else { throw Self.damaged(text) }
        for version in existence {
            guard let pair = version.array, pair.count == 2, let position = pair[0].count,
                let content = pair[1].string.flatMap(Existence.init(rawValue:))
            else { throw Self.damaged(text) }
            state.existence.append(Version(content, try revisions.revision(at: position)))
        }
        for statement in statements {
            guard let versions = statement.value["v"]?.array,
                let hasHistory = statement.value["h"]?.bool
            else { throw Self.damaged(text) }
            var own = StatementState(hasHistory: hasHistory)
            for version in versions {
                guard let parts = version.array, parts.count == 3, let position = parts[0].count,
                    let order = parts[1].count, let values = parts[2].array
                else { throw Self.damaged(text) }
                own.versions.append(
                    Version(
                        values.map(Self.value), try revisions.revision(at: position), order: order))
            }
            state.statements[statement.name] = own
        }
        for field in fields {
            for element in field.value.object ?? [] {
                let versions = try (element.value.array ?? []).map { version in
                    guard let pair = version.array, pair.count == 2, let position = pair[0].count,
                        let isIn = pair[1].bool
                    else { throw Self.damaged(text) }
                    return Version(isIn, try revisions.revision(at: position))
                }
                state.elements[Element(field: field.name, text: element.name)] = versions
            }
        }
        return state
    }

    private static func value(_ json: JSONValue) -> Value {
        switch json {
        case .null: return .null
        case .number(let number): return .number(number)
        case .string(let text): return .text(text)
        default: return json["json"]?.string.map(Value.opaque) ?? .opaque(json.text)
        }
    }

    private static func damaged(_ text: String) -> StoreError {
        StoreError(
            .damaged, "A row of tally_state cannot be read: \(text.prefix(80))",
            hint: "Restore a backup, or clone the dataset again from the hub.")
    }
}
