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

    /// Reads straight from the bytes: a list of many conflicts reads as many states.
    ///
    /// - Parameter address: of the record, for the error.
    /// - Throws: `StoreError` where the text is not what `write` makes: the file is damaged.
    func read(_ text: String, of address: RecordAddress) throws -> RecordState {
        var (reader, state) = (JSONReader(Array(text.utf8)), RecordState())
        do {
            try readParts(["e", "s", "m"], &reader) { reader, part in
                switch part {
                case "e": state.existence = try readExistence(&reader)
                case "s": try readStatements(&reader, into: &state)
                default: try readElements(&reader, into: &state)
                }
            }
            try reader.expectEnd()
        } catch let fault as JSONFault {
            throw StoreError(
                damage: "The state of \(address) in tally_state cannot be read: \(fault.reason)")
        }
        return state
    }

    /// An object of these members, none more and none less.
    private func readParts(
        _ names: [String], _ reader: inout JSONReader,
        _ read: (inout JSONReader, String) throws -> Void
    ) throws {
        var count = 0
        try reader.readObject(fault: Self.asItIs) { reader, name in
            guard names.contains(name) else { throw reader.fault("\(name) is unknown") }
            count += 1
            try read(&reader, name)
        }
        guard count == names.count else { throw reader.fault("\(names) are not all there") }
    }

    private static func asItIs(_ fault: JSONFault) -> any Error { fault }

    private func readExistence(_ reader: inout JSONReader) throws -> [Version<Existence>] {
        try readVersions(&reader) { reader in
            let name = try reader.readString()
            guard let content = Existence(rawValue: name) else {
                throw reader.fault("\(name) is no existence")
            }
            return content
        }
    }

    private func readStatements(_ reader: inout JSONReader, into state: inout RecordState) throws {
        try reader.readObject(fault: Self.asItIs) { reader, name in
            var own = StatementState()
            try readParts(["h", "v"], &reader) { reader, part in
                if part == "h" { return own.hasHistory = try reader.readBool() }
                try reader.readArray(fault: Self.asItIs) {
                    own.versions.append(try readValues(&$0))
                }
            }
            state.statements[name] = own
        }
    }

    private func readElements(_ reader: inout JSONReader, into state: inout RecordState) throws {
        try reader.readObject(fault: Self.asItIs) { reader, field in
            try reader.readObject(fault: Self.asItIs) { reader, text in
                state.elements[Element(field: field, text: text)] =
                    try readVersions(&reader) { try $0.readBool() }
            }
        }
    }

    /// `[[position,content],…]`
    private func readVersions<Content>(
        _ reader: inout JSONReader, _ readContent: (inout JSONReader) throws -> Content
    ) throws -> [Version<Content>] {
        var versions: [Version<Content>] = []
        try reader.readArray(fault: Self.asItIs) { reader in
            try reader.expect("[")
            let revision = try revisions.revision(at: reader.readSeq())
            try reader.expect(",")
            versions.append(Version(try readContent(&reader), revision))
            try reader.expect("]")
        }
        return versions
    }

    /// `[position,order,[value,…]]`
    private func readValues(_ reader: inout JSONReader) throws -> Version<[Value]> {
        try reader.expect("[")
        let revision = try revisions.revision(at: reader.readSeq())
        try reader.expect(",")
        let order = try reader.readSeq()
        try reader.expect(",")
        var values: [Value] = []
        try reader.readArray(fault: Self.asItIs) { values.append(try readValue(&$0)) }
        try reader.expect("]")
        return Version(values, revision, order: order)
    }

    private func readValue(_ reader: inout JSONReader) throws -> Value {
        switch reader.peek() {
        case UInt8(ascii: "\""): return .text(try reader.readString())
        case UInt8(ascii: "n"):
            _ = try reader.takeNull()
            return .null
        case UInt8(ascii: "{"):
            var json = ""
            try readParts(["json"], &reader) { reader, _ in json = try reader.readString() }
            return .opaque(json)
        default: return .number(try reader.readNumber())
        }
    }
}
