/// Values of some of the fields of a kind, sets and key aside; null is a value.
///
/// - Complexity: O(fields of the kind) of memory, in one piece.
public struct FieldValues: Sendable {
    public let kind: Kind
    /// By the position of the field; nil where none is given.
    private var slots: [Value?] = []

    public init(of kind: Kind) {
        self.kind = kind
    }

    /// - Precondition: the kind has a field of that name beside its key.
    public subscript(name: String) -> Value? {
        get { kind.position(of: name).flatMap { self[position: $0] } }
        set {
            guard let position = kind.position(of: name) else {
                preconditionFailure("\(kind.name) has no field \(name)")
            }
            self[position: position] = newValue
        }
    }

    /// The same, by the position of the field among those of the kind.
    public subscript(position position: Int) -> Value? {
        get { slots.isEmpty ? nil : slots[position] }
        set {
            if slots.isEmpty { slots = Array(repeating: nil, count: kind.fields.count) }
            slots[position] = newValue
        }
    }

    public var isEmpty: Bool { slots.allSatisfy { $0 == nil } }

    /// The names of the fields that are given, in the order of the kind.
    public var names: [String] { map(\.field) }

    /// Takes away those of which `isIn` does not hold.
    public func filter(_ isIn: (String, Value) -> Bool) -> Self {
        var result = self
        for position in slots.indices {
            guard let value = slots[position], !isIn(kind.fields[position].name, value) else {
                continue
            }
            result.slots[position] = nil
        }
        return result
    }
}

extension FieldValues: Sequence {
    public func makeIterator() -> AnyIterator<(field: String, value: Value)> {
        var position = 0
        return AnyIterator {
            while position < slots.count {
                defer { position += 1 }
                if let value = slots[position] { return (kind.fields[position].name, value) }
            }
            return nil
        }
    }
}

extension FieldValues: Hashable {
    /// - Precondition: both are of one kind.
    public static func == (a: Self, b: Self) -> Bool {
        a.slots == b.slots || a.isEmpty && b.isEmpty
    }

    public func hash(into hasher: inout Hasher) {
        for (position, value) in slots.enumerated() {
            guard let value else { continue }
            hasher.combine(position)
            hasher.combine(value)
        }
    }
}
