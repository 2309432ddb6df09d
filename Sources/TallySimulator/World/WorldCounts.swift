import TallyWire

/// What happened in worlds: a world in which nothing happens proves nothing.
public struct WorldCounts: Sendable, Equatable {
    /// By name, the name of a sort before a colon: `act:sync`, `disk:power`, `network:answer-lost`.
    public private(set) var byName: [String: Int] = [:]

    public init() {}

    /// Nothing has happened yet of what is to happen in a thousand worlds.
    static let none: Self = {
        let names =
            WorldStep.Act.allCases.map { "act:\($0.rawValue)" }
            + SimulatedDisk.Fault.allCases.map { "disk:\($0.rawValue)" }
            + NetworkFault.allCases.map { "network:\($0.rawValue)" }
            + [400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 502, 503, 504].map {
                "refused:\($0)"
            } + [
                "acknowledged changesets checked", "answers of the hub judged", "bundles taken",
                "captures", "clocks set back", "clocks set forward", "clones from a snapshot",
                "conflicts judged", "conflicts resolved", "conflicts resolved again, alike",
                "conflicts resolved again, differently", "copies that were months behind",
                "cursors judged", "facts judged", "files compacted", "files copied",
                "files gone in a sync", "files moved", "files restored",
                "files restored with their keys", "forks repaired", "histories compared",
                "hubs replaced", "hubs restored", "hubs wiped", "imports that wrote",
                "left logs refused", "left logs taken", "members refused", "merges judged",
                "policies agreed", "records deleted", "records restored", "renames judged",
                "replicas begun", "rows judged", "sheets brought back", "syncs halted",
                "syncs judged", "undos judged", "worlds of two versions",
            ]
        var counts = Self()
        for name in names { counts.byName[name] = 0 }
        return counts
    }()

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
