import TallyStore

/// Something about a figure that is worth a look: shown, never in the way.
public struct Hint: Sendable, Hashable {
    /// The letters of the sides of a conflict that hold the figure; empty for a figure that is no side, and for a hint
    /// between sides.
    public let sides: [String]
    /// The figure that it is about; the larger one of a hint between sides.
    public let figure: Figure
    public let finding: Finding

    public enum Finding: Sendable, Hashable {
        case scale(Scale)
        case jump(Jump)
        case sum(Sum)
        case mirror(Mirror)
    }

    /// One side is about a thousand, a million or a billion times another.
    public struct Scale: Sendable, Hashable {
        /// 1,000, 1,000,000 or 1,000,000,000.
        public let factor: Double
        public let larger: [String]
        public let smaller: [String]
        /// Whether every larger figure is exactly that many times every smaller one.
        public let isExact: Bool
    }

    /// More than ten times what stands beside it in the series, or less than a tenth.
    public struct Jump: Sendable, Hashable {
        /// The neighbour that is nearer in size.
        public let period: String
        public let neighbour: Figure
        /// The figure by the neighbour's: over 10, or under 0.1.
        public let ratio: Double
    }

    /// The parts of a year do not add up to it.
    public struct Sum: Sendable, Hashable {
        public let year: String
        public let parts: Parts
        public let total: Double
        /// What the year itself says.
        public let whole: Double
        /// Whether the figure is one of the parts; else it is the whole.
        public let isPart: Bool
        public let stake: ConflictStake
    }

    public enum Parts: String, Sendable, CaseIterable {
        case months, quarters
    }

    /// The partner reports the trade otherwise.
    public struct Mirror: Sendable, Hashable {
        public let reporter: String
        public let flow: String
        /// Of the sources of the partner's figure the one that is nearest.
        public let source: String
        public let reported: Figure
        public let stake: ConflictStake
    }
}
