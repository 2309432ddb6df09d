import TallyCore

/// What an edit is about: the same for all who edit with one topic, whatever they write.
struct WorldTopic {
    enum Matter {
        case creation
        case element(Element)
        case statements([HistorySpace.Choice])

        func edits(_ random: inout SeededGenerator) -> [RecordEdit] {
            switch self {
            case .creation: [.create]
            case .element(let element):
                [random.chance(percent: 65) ? .add(element) : .remove(element)]
            case .statements(let choices):
                choices.map { .set(statement: $0.fields[0], value: random.pick($0.values)) }
            }
        }
    }

    private(set) var parts: [(record: RecordAddress, matter: Matter)] = []

    init(_ seed: UInt64, in space: HistorySpace) {
        var topic = SeededGenerator(seed: seed)
        for _ in 0..<topic.pick([1, 1, 1, 2, 3]) {
            let (scene, record) = space.record(&topic)
            guard !parts.contains(where: { $0.record == record }) else { continue }
            parts.append((record, scene.matter(&topic)))
        }
    }

    /// Whether it is about statements of a kind that is described there, with fields that are not.
    func setsFieldsUnknown(to kinds: KindCatalog) -> Bool {
        parts.contains { record, matter in
            guard let kind = kinds[record.kind], case .statements(let choices) = matter else {
                return false
            }
            return choices.contains { kind.field($0.fields[0]) == nil }
        }
    }
}

extension HistorySpace {
    func record(_ random: inout SeededGenerator) -> (Scene, RecordAddress) {
        let scene = random.pick(scenes)
        return (scene, RecordAddress(kind: scene.kind, key: random.pick(scene.keys)))
    }
}

extension HistorySpace.Scene {
    func matter(_ topic: inout SeededGenerator) -> WorldTopic.Matter {
        if topic.chance(percent: 5) { return .creation }
        if topic.chance(percent: 25), !elements.isEmpty { return .element(topic.pick(elements)) }
        return .statements(Array(topic.shuffled(statements).prefix(topic.pick([1, 1, 1, 2]))))
    }
}
