import TallyCore
import TallyFormats
import TallyStore
import TallyWire

// What people do to records, with the commands that they have.
extension World {
    private func space(_ index: Int) -> HistorySpace { files[index].version.space }

    func record(_ index: Int, _ random: inout SeededGenerator) -> (
        HistorySpace.Scene, RecordAddress
    ) {
        space(index).record(&random)
    }

    func edit(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) {
        let planned = WorldTopic(step.topic, in: space(index)).parts.map {
            ($0.record, $0.matter.edits(&random))
        }
        command(index, step) { dataset, place in
            // What they have open in a spreadsheet meanwhile.
            if files[index].sheet == nil { try export(index, dataset, step) }
            let edits = try dataset.read { access in
                try planned.filter { try !access.view($0.0).isGone }
            }
            try write(dataset, place, edits)
        }
    }

    func delete(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) {
        let (_, address) = record(index, &random)
        command(index, step) { dataset, place in
            guard try dataset.read({ try $0.view(address).isVisible }) else { return }
            try write(dataset, place, [(address, [.delete])])
            counts.count("records deleted")
        }
    }

    func restore(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) {
        let pick = random.below(8)
        let addresses = space(index).scenes.flatMap { scene in
            scene.keys.map { RecordAddress(kind: scene.kind, key: $0) }
        }
        command(index, step) { dataset, place in
            let gone = try dataset.read { access in
                try addresses.filter { try access.view($0).isGone }
            }
            guard !gone.isEmpty else { return }
            try write(dataset, place, [(gone[pick % gone.count], [.restore])])
            counts.count("records restored")
        }
    }

    func resolve(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) {
        var topic = SeededGenerator(seed: step.topic)
        let (pick, sidePick) = (topic.below(16), random.below(4))
        let takesOther = random.chance(percent: 25)
        // What only a newer version can settle is refused.
        let isOld = files[index].version != .newer && plan.versions.contains(1)
        command(index, step, mayFail: { isOld && ($0 as? StoreError)?.code == .badInput }) {
            dataset, place in
            let conflicts = try dataset.read { try $0.conflicts() }
            guard !conflicts.isEmpty else { return }
            let conflict = conflicts[pick % conflicts.count]
            try dataset.read { try $0.requireWholeStatement(of: conflict) }
            let edit: RecordEdit
            switch conflict.sides[sidePick % conflict.sides.count].content {
            case .existence(.deleted): edit = .delete
            case .existence(.present): edit = .restore
            case .values(let values):
                let others = space(index).choice(
                    of: conflict.statement, ofKind: conflict.record.kind)
                let other = takesOther ? others.map { $0.values[sidePick % $0.values.count] } : nil
                edit = .set(statement: conflict.statement, value: other ?? values)
            }
            try write(dataset, place, [(conflict.record, [edit])])
            let isOpen = try dataset.read { access in
                try access.conflicts().contains { $0.id == conflict.id }
            }
            if isOpen {
                throw Violation("in force", "\(conflict.brief) is resolved and still open")
            }
            counts.count("conflicts resolved")
            noteResolution(of: conflict, with: edit)
        }
    }

    /// Two may settle the same conflict, who do not know of each other.
    private func noteResolution(of conflict: Conflict, with edit: RecordEdit) {
        if let first = resolutions[conflict] {
            counts.count("conflicts resolved again, \(first == edit ? "alike" : "differently")")
        } else {
            resolutions[conflict] = edit
        }
    }

    func agreePolicy(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) {
        let scene = random.pick(space(index).scenes)
        let statement = random.pick(scene.statements).fields[0]
        let policies: [Policy] = [.manual, .newest, .fill, .max, .min]
        let policy =
            statement == "value" && random.chance(percent: 40) ? .vintage : random.pick(policies)
        let address = RecordAddress(
            kind: "setting", key: RecordKey(["policy.\(scene.kind).\(statement)"]))
        command(index, step) { dataset, place in
            guard try dataset.read({ try !$0.view(address).isGone }) else { return }
            try write(
                dataset, place,
                [(address, [.set(statement: "value", value: [.text(policy.rawValue)])])])
            counts.count("policies agreed")
        }
    }

    /// A new release of the source: the figures of both years, with their date.
    func importFile(
        _ index: Int, _ step: WorldStep, overwrites: Bool = false, _ random: inout SeededGenerator
    ) {
        var options = ImportOptions()
        options.overwrite = random.chance(percent: 15) || overwrites
        options.restore = random.chance(percent: 15)
        options.resolve = random.chance(percent: 15)
        var text = "reporter,partner,flow,product,period,source,value,released,note\n"
        var figures: [RecordAddress: ImportedFigure] = [:]
        for period in ["2023", "2024"] where random.chance(percent: 80) {
            let figure = ImportedFigure(
                value: random.pick([124_800_000_000, 124_900_000_000, 7]),
                released: random.pick(["2024", "2024-01", "2024-03-01", ""]))
            text +=
                "KOR,CHN,X,TOTAL,\(period),motie,\(figure.value),\(figure.released),\(random.pick(["", "import"]))\n"
            let key = RecordKey(["KOR", "CHN", "X", "TOTAL", period, "motie"])
            figures[RecordAddress(kind: "trade", key: key)] = figure
        }
        command(index, step) { dataset, place in
            try dataset.capture(at: place)
            let before = try importedRecords(dataset)
            func run() throws -> Written {
                let authoring = Authoring(message: "import", isImport: true)
                return try dataset.write(at: place, authoring) { editor in
                    let file = FileImport(name: "motie.csv", options: options) {
                        var isRead = false
                        return { () -> [UInt8] in
                            defer { isRead = true }
                            return isRead ? [] : Array(text.utf8)
                        }
                    }
                    _ = try file.run(editor)
                }
            }
            let written = try run()
            counts.count("imports that wrote", written.revisions.isEmpty ? 0 : 1)
            try checkImport(dataset, options, figures, before)
            // What is there already is not written again.
            let again = try run()
            if !again.revisions.isEmpty {
                throw Violation("growth", "an import that was there already has written \(again)")
            }
        }
    }

    func verify(_ index: Int, _ step: WorldStep) {
        made += 1
        let path = "\(machines[files[index].machine].folder)/verify\(made).tally"
        command(index, step) { dataset, _ in
            let faults = try dataset.verify(temporaryPath: path).faults
            if !faults.isEmpty { throw Violation("verify", "\(files[index].name): \(faults)") }
        }
    }
}
