import TallyCore
import TallySchema
import TallyWire

extension KindCatalog {
    /// The kinds that ship.
    public static let shipped: KindCatalog = {
        do {
            return KindCatalog(try TallySchema.kinds.map { try Kind(description: $0) })
        } catch {
            preconditionFailure("Schema/kinds does not describe kinds: \(error)")
        }
    }()
}
