/// A repeatable source of randomness: one seed gives one sequence, on every machine.
///
/// SplitMix64 (Steele, Lea, Flood, “Fast Splittable Pseudorandom Number Generators”, OOPSLA 2014;
/// https://prng.di.unimi.it/splitmix64.c). The choices below are made here and not by the standard library, whose
/// way from bits to choices may change between versions of Swift: an old seed must go on replaying its failure.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }

    /// A number of `0 ..< bound`.
    public mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "nothing is below \(bound)")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    public mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// True `percent` times of a hundred.
    public mutating func chance(percent: Int) -> Bool { below(100) < percent }

    public mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

    /// The items in random order (Fisher and Yates).
    public mutating func shuffled<Item>(_ items: [Item]) -> [Item] {
        var result = items
        for index in result.indices.dropFirst().reversed() {
            result.swapAt(index, below(index + 1))
        }
        return result
    }
}
