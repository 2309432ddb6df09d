import TallyCore

/// What a field holds, as everybody sees it.
public enum FieldContent: Sendable, Equatable {
    case value(Value)
    /// The elements of a set field, sorted by bytes.
    case elements([String])

    /// Nothing: null, or no elements.
    public var isEmpty: Bool {
        switch self {
        case .value(let value): return value.isNull
        case .elements(let elements): return elements.isEmpty
        }
    }

    /// The same field when it holds nothing.
    var emptied: Self {
        switch self {
        case .value: return .value(.null)
        case .elements: return .elements([])
        }
    }

    public static func == (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.value(let x), .value(let y)): return x == y
        case (.elements(let x), .elements(let y)):
            return x.count == y.count && zip(x, y).allSatisfy { $0.hasSameBytes(as: $1) }
        default: return a.isEmpty && b.isEmpty
        }
    }
}

extension DatasetAccess {
    /// A record in a state that it has now or once had.
    ///
    /// - Complexity: O(versions of the record).
    public func view(_ address: RecordAddress, in state: RecordState) throws -> RecordView {
        var row: RecordRow?
        if state.isVisible, let kind = kinds[address.kind] {
            var sets: [String: [String]] = [:]
            for field in kind.setFields {
                let elements = state.elements(of: field.name)
                if !elements.isEmpty { sets[field.name] = elements }
            }
            let values = try records.winners(of: state, kind: kind).filter { !$0.value.isNull }
            row = RecordRow(key: address.key, values: values, sets: sets)
        }
        return RecordView(
            address: address, state: state, row: row,
            conflicts: try records.conflicts(of: address, state))
    }

    /// The fields that hold something, known to the kind or not; of a deleted record those that it had.
    ///
    /// - Complexity: O(versions of the record).
    public func contents(of view: RecordView) throws -> [String: FieldContent] {
        let kind = kinds[view.address.kind]
        let unknown = view.unknownFields(of: kind)
        var contents = unknown.values.mapValues(FieldContent.value)
        for (field, elements) in unknown.sets { contents[field] = .elements(elements) }
        guard let kind else { return contents }
        for (field, value) in try records.winners(of: view.state, kind: kind) where !value.isNull {
            contents[field] = .value(value)
        }
        for field in kind.setFields {
            let elements = view.state.elements(of: field.name)
            if !elements.isEmpty { contents[field.name] = .elements(elements) }
        }
        return contents
    }
}
