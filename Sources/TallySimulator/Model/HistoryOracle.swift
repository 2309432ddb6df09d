import TallyCore

/// The merge rules once more, as sentences about a whole history instead of steps of a state.
///
/// It shares no code with `RecordState`: it keeps every fact that was ever written, and says of each whether anybody
/// who had integrated it wrote the same thing again. Slow, and plainly right.
public struct HistoryOracle: Sendable {
    /// Everything that was ever written.
    public let facts: [Fact]
    /// Those that nobody has rewritten who had integrated them.
    public private(set) var factsInForce: [Fact] = []
    let kinds: KindCatalog
    let policies: PolicyTable
    let times: [Revision: Timestamp]
    private let integrated: [Revision: Set<Revision>]
    private let writers: [Place: Set<Revision>]

    /// A value, a deletion, a restoration, an element in or out.
    public struct Fact: Sendable {
        public let place: Place
        public let content: Content
        public let revision: Revision
        /// The position among what the same changeset wrote to the same place.
        public let order: Int
    }

    /// What is written as a whole, and rewritten as a whole.
    ///
    /// That a record is there is rewritten by every edit of it, that it is deleted only by deletions and
    /// restorations: two places.
    public struct Place: Hashable, Sendable {
        public let record: RecordAddress
        public let part: Part
    }

    public enum Part: Hashable, Sendable {
        case presence, deletion
        case statement(String)
        case element(Element)
    }

    public enum Content: Hashable, Sendable {
        case present, deleted
        case values([Value])
        case membership(Bool)
    }

    /// - Parameters:
    ///   - changesets: a causally closed set, in any order.
    ///   - integrated: for each revision all those that its copy had integrated.
    public init(
        _ changesets: [ModelChangeset], integrated: [Revision: Set<Revision>], kinds: KindCatalog,
        policies: PolicyTable
    ) throws(StatementLayout.Fault) {
        var facts: [Fact] = []
        var writers: [Place: Set<Revision>] = [:]
        for changeset in changesets {
            var own: [Place: [Content]] = [:]
            for edit in changeset.edits {
                for effect in try edit.effects(in: kinds) {
                    for part in Self.rewrittenParts(by: effect.edit) {
                        writers[Place(record: effect.record, part: part), default: []]
                            .insert(changeset.revision)
                    }
                    for (part, content) in Self.written(by: effect.edit) {
                        let place = Place(record: effect.record, part: part)
                        if own[place]?.contains(content) != true {
                            own[place, default: []].append(content)
                        }
                    }
                }
            }
            for (place, contents) in own {
                facts += contents.enumerated().map { order, content in
                    Fact(
                        place: place, content: content, revision: changeset.revision, order: order)
                }
            }
        }
        self.facts = facts
        self.writers = writers
        self.integrated = integrated
        self.kinds = kinds
        self.policies = policies
        times = Dictionary(uniqueKeysWithValues: changesets.map { ($0.revision, $0.at) })
        factsInForce = facts.filter { coverers(of: $0).isEmpty }
    }

    private static func rewrittenParts(by edit: RecordEdit) -> [Part] {
        switch edit {
        case .create: return [.presence]
        case .set(let statement, _): return [.presence, .statement(statement)]
        case .add(let element), .remove(let element): return [.presence, .element(element)]
        case .delete, .restore: return [.presence, .deletion]
        case .reopen(let statement, _): return [.statement(statement)]
        }
    }

    private static func written(by edit: RecordEdit) -> [(Part, Content)] {
        switch edit {
        case .create, .restore: return [(.presence, .present)]
        case .set(let name, let values):
            return [(.presence, .present), (.statement(name), .values(values))]
        case .add(let element):
            return [(.presence, .present), (.element(element), .membership(true))]
        case .remove(let element):
            return [(.presence, .present), (.element(element), .membership(false))]
        case .delete: return [(.deletion, .deleted)]
        case .reopen(let name, let versions):
            return versions.map { (.statement(name), .values($0)) }
        }
    }

    /// Whether the copy that wrote `later` had integrated `earlier`.
    public func hasIntegrated(_ later: Revision, _ earlier: Revision) -> Bool {
        integrated[later]?.contains(earlier) == true
    }

    /// Who rewrote the place of a fact having integrated the fact; empty when it is in force.
    public func coverers(of fact: Fact) -> [Revision] {
        (writers[fact.place] ?? []).filter { hasIntegrated($0, fact.revision) }
    }
}
