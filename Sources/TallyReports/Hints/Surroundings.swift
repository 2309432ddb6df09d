import TallyStore

/// The figures that stand around one: what it is judged by.
public struct Surroundings: Sendable, Equatable {
    /// Of the periods directly before and after it, where there is a figure.
    public var neighbours: [Neighbour] = []
    /// The year that it is a part of or that it is, once for months and once for quarters.
    public var years: [Year] = []
    /// What the partner reports of the same trade.
    public var mirrors: [Mirror] = []

    public init(neighbours: [Neighbour] = [], years: [Year] = [], mirrors: [Mirror] = []) {
        (self.neighbours, self.years, self.mirrors) = (neighbours, years, mirrors)
    }

    public struct Neighbour: Sendable, Equatable {
        public let period: String
        public let figure: Figure

        public init(period: String, figure: Figure) {
            (self.period, self.figure) = (period, figure)
        }
    }

    /// A year and all of its months or quarters, without the figure that is judged.
    public struct Year: Sendable, Equatable {
        public let year: String
        public let parts: Hint.Parts
        /// The year where the figure is a part; nil where it is the year itself.
        public let whole: Figure?
        /// The parts but the one that the figure is.
        public let others: [Figure]

        public init(_ year: String, _ parts: Hint.Parts, whole: Figure?, others: [Figure]) {
            (self.year, self.parts, self.whole, self.others) = (year, parts, whole, others)
        }
    }

    public struct Mirror: Sendable, Equatable {
        public let reporter: String
        public let flow: String
        public let source: String
        public let figure: Figure

        public init(reporter: String, flow: String, source: String, figure: Figure) {
            (self.reporter, self.flow, self.source) = (reporter, flow, source)
            self.figure = figure
        }
    }
}
