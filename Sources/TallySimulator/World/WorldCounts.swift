/// What happened in worlds, for the report: a world in which nothing happens proves nothing.
public struct WorldCounts: Sendable, Equatable {
    public var worlds = 0
    public var steps = 0
    public var changesets = 0
    public var captured = 0
    public var syncs = 0
    public var requests = 0
    public var disk: [DiskFault: Int] = [:]
    public var network: [NetworkFault: Int] = [:]
    public var acts: [WorldStep.Act: Int] = [:]
    public var repairs = 0
    public var conflictsSeen = 0
    public var conflictsResolved = 0
    public var facts = 0
    public var copiesCompared = 0

    public init() {}

    public static func += (a: inout Self, b: Self) {
        a.worlds += b.worlds
        a.steps += b.steps
        a.changesets += b.changesets
        a.captured += b.captured
        a.syncs += b.syncs
        a.requests += b.requests
        a.disk.merge(b.disk, uniquingKeysWith: +)
        a.network.merge(b.network, uniquingKeysWith: +)
        a.acts.merge(b.acts, uniquingKeysWith: +)
        a.repairs += b.repairs
        a.conflictsSeen += b.conflictsSeen
        a.conflictsResolved += b.conflictsResolved
        a.facts += b.facts
        a.copiesCompared += b.copiesCompared
    }
}
