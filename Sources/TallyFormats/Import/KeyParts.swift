import TallyCore

/// The parts of a key, as far as a row gives them.
struct KeyParts {
    private let kind: Kind
    /// By the position of the key field; nil where none is given.
    private(set) var texts: [String?]

    init(of kind: Kind) {
        self.kind = kind
        texts = Array(repeating: nil, count: kind.key.count)
    }

    var isEmpty: Bool { texts.allSatisfy { $0 == nil } }

    /// - Precondition: the name is that of a key field.
    subscript(name: String) -> String? {
        get { texts[position(of: name)] }
        set { texts[position(of: name)] = newValue }
    }

    /// The same, by the position of the key field.
    subscript(position position: Int) -> String? {
        get { texts[position] }
        set { texts[position] = newValue }
    }

    private func position(of name: String) -> Int {
        guard let position = kind.key.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("\(name) is no key field of \(kind.name)")
        }
        return position
    }
}
