import TallyCore

/// Makes random histories: 2 to 5 copies that write, sync, stop half way, disagree and settle.
public struct HistoryGenerator {
    private let seed: UInt64
    private let space: HistorySpace
    private var random: SeededGenerator
    private var copies = 0
    /// The few records that this history is about.
    private var records: [(HistorySpace.Scene, RecordKey)] = []
    /// The few statements of each kind that it is about.
    private var topics: [String: [HistorySpace.Choice]] = [:]

    private init(seed: UInt64, space: HistorySpace) {
        self.seed = seed
        self.space = space
        random = SeededGenerator(seed: seed)
    }

    /// - Parameter unrulyPercent: how many histories hold edits that commands refuse.
    public static func history(
        seed: UInt64, space: HistorySpace = .figures, unrulyPercent: Int = 15
    ) -> History {
        var generator = Self(seed: seed, space: space)
        return generator.history(unrulyPercent: unrulyPercent)
    }

    private mutating func history(unrulyPercent: Int) -> History {
        copies = random.number(in: 2...5)
        let all = space.scenes.flatMap { scene in scene.keys.map { (scene, $0) } }
        records = Array(random.shuffled(all).prefix(random.pick([1, 1, 2, 2, 3])))
        for scene in space.scenes {
            topics[scene.kind] = Array(
                random.shuffled(scene.statements).prefix(random.number(in: 1...3)))
        }
        let skewsMs = (0..<copies).map { _ in random.pick(Self.skewsMs) }
        let policies = makePolicies()
        let isUnruly = random.chance(percent: unrulyPercent)
        var steps: [Step] = []
        let count = random.number(in: 8...60)
        while steps.count < count { steps += makeSteps() }
        return History(
            seed: seed, space: space, policies: policies, skewsMs: skewsMs, isUnruly: isUnruly,
            steps: steps)
    }

    /// Mostly right clocks; some a little off, some by more than the day that is followed.
    private static let skewsMs: [Int64] = [0, 0, 0, 0, 1, -2, 30, -3_600_000, 90_000_000]

    private mutating func makePolicies() -> PolicyTable {
        var policies = PolicyTable()
        for scene in space.scenes {
            for statement in scene.statements where random.chance(percent: 60) {
                let hasDate =
                    space.kinds.statement(
                        statement.fields[0], ofKind: scene.kind
                    ).vintage != nil
                policies[scene.kind, statement.fields[0]] =
                    hasDate && random.chance(percent: 50) ? .vintage : random.pick(Policy.allCases)
            }
        }
        return policies
    }

    private mutating func makeSteps() -> [Step] {
        switch random.below(100) {
        case 0..<46: return [.edit(copy: random.below(copies), makeDeeds())]
        case 46..<76: return [makeSync()]
        case 76..<85: return [makeResolution(on: random.below(copies))]
        case 85..<92: return makeTwoResolutions()
        case 92..<96: return [.reopen(copy: random.below(copies), pick: random.below(8))]
        default: return [.undo(copy: random.below(copies), pick: random.below(6))]
        }
    }

    private mutating func makeSync() -> Step {
        let (copy, from) = makePair()
        let limit = random.chance(percent: 25) ? random.number(in: 1...4) : nil
        return .sync(copy: copy, from: from, limit: limit)
    }

    private mutating func makePair() -> (Int, Int) {
        let copy = random.below(copies)
        return (copy, (copy + random.number(in: 1...(copies - 1))) % copies)
    }

    private mutating func makeResolution(on copy: Int, pick: Int? = nil) -> Step {
        let resolution: Resolution =
            random.chance(percent: 75)
            ? .take(side: random.below(3)) : .set(choice: random.below(4))
        return .resolve(copy: copy, pick: pick ?? random.below(4), resolution)
    }

    /// Two copies see the same conflicts, and both settle one: alike or not.
    private mutating func makeTwoResolutions() -> [Step] {
        let (a, b) = makePair()
        let pick = random.below(4)
        let first = makeResolution(on: a, pick: pick)
        var second = makeResolution(on: b, pick: pick)
        if random.chance(percent: 50), case .resolve(_, _, let resolution) = first {
            second = .resolve(copy: b, pick: pick, resolution)
        }
        return [
            .sync(copy: a, from: b, limit: nil), .sync(copy: b, from: a, limit: nil), first, second,
        ]
    }

    private mutating func makeDeeds() -> [Deed] {
        let count = random.chance(percent: 80) ? 1 : records.count
        return random.shuffled(Array(records.indices)).prefix(count).map { index in
            let (scene, key) = records[index]
            let record = RecordAddress(kind: scene.kind, key: key)
            switch random.below(100) {
            case 0..<9: return .delete(record)
            case 9..<14: return .restore(record, Change())
            case 14..<20: return .restore(record, makeChange(in: scene))
            case 20..<24: return .edit(record, Change())
            default: return .edit(record, makeChange(in: scene))
            }
        }
    }

    private mutating func makeChange(in scene: HistorySpace.Scene) -> Change {
        var change = Change()
        if random.chance(percent: 80) {
            let count = random.chance(percent: 70) ? 1 : random.number(in: 2...3)
            for choice in random.shuffled(topics[scene.kind] ?? []).prefix(count) {
                change.assignments.append(
                    Change.Assignment(fields: choice.fields, values: random.pick(choice.values)))
            }
        }
        if change.isEmpty || random.chance(percent: 20) {
            for element in random.shuffled(scene.elements).prefix(random.number(in: 1...2)) {
                if random.chance(percent: 55) {
                    change.added.append(element)
                } else {
                    change.removed.append(element)
                }
            }
        }
        return change
    }
}
