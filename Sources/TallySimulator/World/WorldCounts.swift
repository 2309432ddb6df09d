import TallyWire

/// What happened in worlds: a world in which nothing happens proves nothing.
public struct WorldCounts: Sendable, Equatable {
    /// By name, the name of a sort before a colon: `act:sync`, `disk:power`, `network:answer-lost`.
    public private(set) var byName: [String: Int] = [:]

    public init() {}

    mutating func count(_ name: String, _ number: Int = 1) {
        if number > 0 { byName[name, default: 0] += number }
    }

    mutating func count(_ fault: SimulatedDisk.Fault) { count("disk:\(fault.rawValue)") }

    mutating func count(_ fault: NetworkFault) { count("network:\(fault.rawValue)") }

    public static func += (a: inout Self, b: Self) {
        a.byName.merge(b.byName, uniquingKeysWith: +)
    }

    /// An object, names sorted.
    public var json: JSONValue {
        .object(
            byName.sorted { $0.key < $1.key }.map { .init($0.key, .number(Double($0.value))) })
    }
}
