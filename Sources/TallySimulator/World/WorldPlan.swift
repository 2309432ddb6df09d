import TallyCore

/// A world that a seed makes: who is there, how bad the network is, and what happens step by step.
public struct WorldPlan: Sendable, Equatable {
    public var seed: UInt64
    /// The version of the kind descriptions of each copy that is there from the beginning: 0 ships, 1 is newer.
    public var versions: [Int]
    /// How far the clock of each machine is off, a machine a copy.
    public var skewsMs: [Int64]
    public var network: NetworkRates
    public var steps: [WorldStep]

    public init(
        seed: UInt64, versions: [Int], skewsMs: [Int64], network: NetworkRates, steps: [WorldStep]
    ) {
        self.seed = seed
        self.versions = versions
        self.skewsMs = skewsMs
        self.network = network
        self.steps = steps
    }
}

/// How often what happens to a request, in per cent.
public struct NetworkRates: Sendable, Equatable {
    public var percents: [NetworkFault: Int] = [:]
    /// How often somebody else does something between two requests.
    public var meanwhilePercent = 0
    /// How many lines the hub gives at a time; nil for as many as it can.
    public var pageLines: Int?

    public init() {}
}

/// What may happen to a request.
public enum NetworkFault: String, Sendable, CaseIterable {
    /// Never arrives.
    case requestLost = "request-lost"
    /// The hub does what it is asked, and nobody hears of it.
    case answerLost = "answer-lost"
    /// The hub gets the body only up to some byte, and does not notice.
    case requestCut = "request-cut"
    /// The answer ends at some byte; some clients notice, some do not.
    case answerCut = "answer-cut"
    /// One byte of changesets, sent or fetched, arrives as another.
    case damaged
    /// By so little that nobody minds, or until nobody waits for the answer: then it arrives before the next request.
    case delayed
    case duplicated
    /// An older request, of whomever, arrives once more before this one.
    case reordered
    /// Something answers in the hub's place: 401, 404, 409, 410, 413, 422, 429, 5xx.
    case refused
    /// An answer that is none of the protocol.
    case garbage
    /// The hub's process ends before, while or after it works on the request.
    case hubKilled = "hub-killed"
}

/// Makes plans.
public struct WorldGenerator {
    private let seed: UInt64
    private var random: SeededGenerator

    /// - Returns: the same plan for the same seed.
    public static func plan(seed: UInt64) -> WorldPlan {
        var generator = Self(seed: seed, random: SeededGenerator(seed: seed ^ 0x776f_726c_64))
        return generator.makePlan()
    }

    private mutating func makePlan() -> WorldPlan {
        let copies = random.pick([2, 2, 2, 3, 3, 3, 4, 5, 6, 8])
        let mixesVersions = random.chance(percent: 30)
        let versions = (0..<copies).map { _ in
            mixesVersions && random.chance(percent: 50) ? 1 : 0
        }
        let skewsMs = (0..<copies).map { _ in random.pick(Self.skewsMs) }
        let weights = makeWeights()
        let diskPercent = random.pick([0, 0, 5, 15, 30])
        // Some disks fail in one way more often than in others.
        let faults = SimulatedDisk.Fault.allCases.map { ($0, random.pick([0, 1, 1, 4])) }
        // In some worlds somebody is away, and comes back when the others have gone on for months.
        let away = random.chance(percent: 20) ? random.below(copies) : nil
        var steps: [WorldStep] = []
        let count = random.pick([15, 20, 30, 40, 60])
        while steps.count < count {
            for var step in makeScene(weights, versions)
            where !(step.act.isSync && step.copy % copies == away) {
                if random.chance(percent: diskPercent) { step.fault = makeFault(faults) }
                steps.append(step)
            }
        }
        if let away { steps += makeReturn(of: away, after: (away + 1) % copies) }
        return WorldPlan(
            seed: seed, versions: versions, skewsMs: skewsMs, network: makeRates(), steps: steps)
    }

    static let skewsMs: [Int64] = [
        0, 0, 0, 0, 3, -2000, 3_600_000, -7_200_000, 90_000_000, 400_000_000,
    ]

    /// One step, or a few that lead to something which rarely comes about by chance.
    private mutating func makeScene(
        _ weights: [(act: WorldStep.Act, weight: Int)], _ versions: [Int]
    ) -> [WorldStep] {
        let (a, b) = (random.below(8), random.below(8))
        switch random.below(100) {
        case 0..<6:
            // Two write about one thing, and get to know of it.
            let quarrel = makeTopic()
            return [
                step(.edit, a, quarrel), step(.edit, b, quarrel),
                step(.sync, a), step(.sync, b), step(.sync, a),
            ]
        case 6..<11:
            // Two settle one conflict, alike or differently.
            let settling = makeTopic()
            return [
                step(.sync, a), step(.sync, b),
                step(.resolve, a, settling), step(.resolve, b, settling),
                step(.sync, a), step(.sync, b),
            ]
        case 11..<14:
            // A file comes back after others have seen what it wrote since, perhaps in the moment when its program was
            // killed: a fork, where its home comes back too.
            let quarrel = makeTopic()
            var last = step(.edit, a, quarrel)
            if random.chance(percent: 50) { last.fault = makeKill() }
            return [
                step(.backUp, a), last, step(.sync, a), step(.restoreOwnBackup, a),
                step(.edit, a, quarrel), step(.edit, a), step(random.pick([.sync, .syncFile]), a),
            ]
        case 14..<16:
            return [step(.resolve, a), WorldStep(.undo, copy: a, seed: WorldStep.ofLatest)]
        case 16..<18:
            // A hub is restored and filled again, so that behind a cursor which holds there are other lines before it.
            let c = a + 1
            let filled = [step(.backUpHub, a), step(.edit, a), step(.sync, a)]
            let (again, mark) = ([step(.edit, b), step(.push, b)], step(.sync, a))
            return filled + again + [mark, step(.restoreHub, a), step(.edit, c)]
                + [step(.push, c), step(.push, b), step(.sync, a)]
        case 18..<22:
            // Somebody takes back what another has just written over a value of before; where there are two versions, one
            // who does not know the fields.
            if let newer = versions.firstIndex(of: WorldSpace.Version.newer.rawValue),
                let shipped = versions.firstIndex(of: WorldSpace.Version.shipped.rawValue)
            {
                return undoing(newer, by: shipped, makeTopicOfNewer())
            }
            return undoing(a, by: b, makeTopic())
        case 22..<26:
            // Two meet by a stick alone, which is not always brought at once.
            let (there, back) = (step(.makeBundle, a), step(.makeBundle, b))
            return [step(.edit, a), there, step(.edit, b), step(.syncBundle, b), back]
                + [step(.edit, a), step(.syncBundle, a), step(.syncBundle, a)]
        default:
            return [step(pick(from: weights), a)]
        }
    }

    private mutating func makeReturn(of away: Int, after other: Int) -> [WorldStep] {
        let months = (0..<3).flatMap { _ in
            [step(.edit, other), WorldStep(.sync, copy: other, seed: makeMonth())]
        }
        return months + [step(.sync, away)]
    }

    private mutating func makeMonth() -> UInt64 {
        (random.next() >> 24) * WorldStep.stepsAMonth
    }

    /// Steps of one topic are about the same record, or the same conflict.
    private mutating func makeTopic() -> UInt64 { (random.next() >> 24) << WorldStep.variantBits }

    /// About fields that only a newer version has.
    private mutating func makeTopicOfNewer() -> UInt64 {
        for _ in 0..<1000 {
            let topic = makeTopic()
            let about = WorldTopic(
                topic >> WorldStep.variantBits, in: WorldSpace.Version.newer.space)
            if about.setsFieldsUnknown(to: WorldSpace.Version.shipped.kinds) { return topic }
        }
        preconditionFailure(
            "a newer version has fields of its own, and a tenth of all edits are about them")
    }

    private mutating func undoing(_ a: Int, by b: Int, _ topic: UInt64) -> [WorldStep] {
        [
            WorldStep(.edit, copy: a, seed: topic), WorldStep(.edit, copy: a, seed: topic | 1),
            step(.sync, a), step(.sync, b), WorldStep(.undo, copy: b, seed: WorldStep.ofLatest),
            step(.sync, b),
        ]
    }

    private mutating func step(_ act: WorldStep.Act, _ copy: Int, _ topic: UInt64) -> WorldStep {
        WorldStep(act, copy: copy, seed: topic | UInt64(random.below(4)))
    }

    private mutating func step(_ act: WorldStep.Act, _ copy: Int) -> WorldStep {
        WorldStep(act, copy: copy, seed: random.next() >> 16)
    }

    /// About when a command commits.
    private mutating func makeKill() -> PlannedFault {
        PlannedFault(
            random.pick([.killBefore, .killTorn, .killAfter, .killAfter]),
            after: 18 + random.below(20), isHubs: false)
    }

    private mutating func makeFault(
        _ weights: [(SimulatedDisk.Fault, weight: Int)]
    ) -> PlannedFault {
        let choices = weights.flatMap { Array(repeating: $0.0, count: $0.weight) }
        let fault = random.pick(choices.isEmpty ? SimulatedDisk.Fault.allCases : choices)
        return PlannedFault(
            fault, after: random.below(random.pick([4, 15, 15, 40, 120])),
            isHubs: random.chance(percent: 25))
    }

    /// Some worlds have a good network, some a bad one in one way, some in every way.
    private mutating func makeRates() -> NetworkRates {
        var rates = NetworkRates()
        rates.meanwhilePercent = random.pick([0, 10, 30])
        let isBad = random.chance(percent: 70)
        for fault in NetworkFault.allCases where isBad && random.chance(percent: 50) {
            rates.percents[fault] = random.pick([2, 5, 15])
        }
        rates.pageLines = random.pick([nil, nil, 1, 3])
        return rates
    }

    private static let acts: [(act: WorldStep.Act, weight: Int)] = [
        (.edit, 24), (.delete, 4), (.restore, 3), (.resolve, 8), (.undo, 5), (.rename, 5),
        (.merge, 4), (.importFile, 5), (.agreePolicy, 4), (.otherTool, 6), (.capture, 1),
        (.sheet, 6),
        (.sync, 24), (.pull, 4), (.push, 3), (.syncFile, 5), (.clone, 2), (.backUp, 3),
        (.restoreBackup, 2), (.restoreBackupAndHome, 4), (.restoreOverLog, 3), (.copyFile, 1),
        (.moveFile, 1), (.loseHome, 1), (.setClock, 3), (.cutPower, 2), (.verify, 1),
        (.backUpHub, 1), (.restoreHub, 1), (.wipeHub, 1), (.replaceHub, 1), (.restartHub, 1),
        (.removeMember, 1), (.admitMember, 1), (.makeBundle, 6), (.syncBundle, 9),
        (.compact, 3),
    ]

    /// In each world some things happen more often than in others, and some never.
    private mutating func makeWeights() -> [(act: WorldStep.Act, weight: Int)] {
        Self.acts.map { ($0.act, $0.weight * random.pick([0, 1, 2, 2, 2, 4])) }
            .map { $0.act == .sync || $0.act == .edit ? ($0.act, max($0.weight, 12)) : $0 }
    }

    private mutating func pick(from weights: [(act: WorldStep.Act, weight: Int)]) -> WorldStep.Act {
        var left = random.below(weights.reduce(0) { $0 + $1.weight })
        for (act, weight) in weights {
            if left < weight { return act }
            left -= weight
        }
        preconditionFailure("a number below the sum of the weights is of one of them")
    }
}
