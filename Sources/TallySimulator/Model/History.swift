import TallyCore

/// A random history of a few copies: made from a seed, played step by step.
public struct History: Sendable {
    public let seed: UInt64
    public let space: HistorySpace
    /// What the team has agreed on; the same on every copy.
    public let policies: PolicyTable
    /// How far the clock of each copy is off.
    public let skewsMs: [Int64]
    /// Whether copies also write what commands would refuse: edits of records that they know to be deleted.
    ///
    /// A line may hold such edits, so copies must agree on what they come to.
    public let isUnruly: Bool
    public var steps: [Step]

    public init(
        seed: UInt64, space: HistorySpace, policies: PolicyTable, skewsMs: [Int64], isUnruly: Bool,
        steps: [Step]
    ) {
        self.seed = seed
        self.space = space
        self.policies = policies
        self.skewsMs = skewsMs
        self.isUnruly = isUnruly
        self.steps = steps
    }

    public var copies: Int { skewsMs.count }

    /// The clock of a copy at a step; several steps fall into one millisecond, so that times tie.
    public func clock(of copy: Int, at step: Int) -> Timestamp {
        Timestamp(milliseconds: 1_770_000_000_000 + Int64(step / 4) + skewsMs[copy])
    }

    /// The fewest steps that still fail, by leaving out one after another.
    ///
    /// - Complexity: O(steps²) plays.
    public func shrunk(while fails: (History) -> Bool) -> History {
        var result = self
        result.steps = TallySimulator.shrunk(steps) { steps in
            var candidate = self
            candidate.steps = steps
            return fails(candidate)
        }
        return result
    }
}

extension History: CustomStringConvertible {
    public var description: String {
        let agreed = space.scenes.flatMap { scene in
            scene.statements.compactMap { choice in
                policies[scene.kind, choice.fields[0]].map { "\(choice.fields[0]): \($0)" }
            }
        }
        let head =
            "seed \(seed), \(copies) copies, clocks off by \(skewsMs) ms"
            + (isUnruly ? ", unruly" : "") + ", policies [\(agreed.joined(separator: ", "))]"
        return ([head] + steps.enumerated().map { "\($0.offset + 1). \($0.element)" })
            .joined(separator: "\n")
    }
}
