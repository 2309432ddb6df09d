import TallyCore

/// The key of a record of trade, part by part.
struct TradeKey {
    let reporter, partner, flow, product, period, source: String

    /// - Precondition: the key is one of the kind `trade`.
    init(_ key: RecordKey) {
        let parts = key.parts
        precondition(parts.count == 6, "a key of trade has six parts")
        (reporter, partner, flow) = (parts[0], parts[1], parts[2])
        (product, period, source) = (parts[3], parts[4], parts[5])
    }
}
