import TallyCore

extension HistoryOracle {
    /// In the form of `StateText.versionLines()`.
    public func versionLines() -> [String] {
        factsInForce.map { fact in
            let record = fact.place.record.text
            let by = fact.revision.brief
            switch (fact.place.part, fact.content) {
            case (.statement(let name), .values(let values)):
                return "\(record) \(name) \(values.brief) \(by)#\(fact.order)"
            case (.element(let element), .membership(let isIn)):
                let text = JSONString.quoted(element.text)
                return "\(record) \(element.field) \(text) \(isIn ? "in" : "out") \(by)"
            case (.deletion, _): return "\(record) - deleted \(by)"
            default: return "\(record) - present \(by)"
            }
        }
        .sorted { $0.precedesInBytes($1) }
    }

    /// In the form of `StateText.export()`.
    public func exportText() -> String {
        let questions = Dictionary(grouping: self.questions, by: \.record)
        var lines: [String] = []
        for (record, questions) in questions.sorted(by: { $0.key < $1.key }) {
            for question in questions.sorted(by: { $0.comesBefore($1) }) {
                let sides = sides(of: question)
                if question.name == Conflict.existenceName {
                    lines.append("\(record) \(sides.count > 1 ? "disputed" : "there")")
                } else if let winner = sides.last {
                    let statement = kinds.statement(question.name, ofKind: record.kind)
                    let fields = statement.fields.joined(separator: ",")
                    lines.append("  \(fields) \(winner.content.text)")
                }
            }
            lines += elementLines(of: record)
        }
        lines += conflictLines().map { "conflict \($0)" }
        return lines.joined(separator: "\n")
    }

    private func elementLines(of record: RecordAddress) -> [String] {
        let members = members(of: factsInForce.filter { $0.place.record == record })
        return members.sorted { $0.key.precedesInBytes($1.key) }.map { field, texts in
            let list = texts.sorted { $0.precedesInBytes($1) }.map(JSONString.quoted)
            return "  \(field) [\(list.joined(separator: ","))]"
        }
    }

    /// In the form of `Conflict.brief`, in the order of `StateText.conflicts()`.
    private func conflictLines() -> [String] {
        let conflicts = questions.map { ($0, sides(of: $0)) }.filter { $0.1.count > 1 }
        return conflicts.sorted { $0.0.comesBefore($1.0) }.map { question, sides in
            let texts = sides.enumerated().map { index, side in
                let by = side.facts.map(\.revision.brief).joined(separator: "+")
                return "\(SideLetter.text(of: index)) \(side.content.text) by \(by)"
            }
            let name = "\(question.record) \(question.name) \(what(question).rawValue)"
            return "\(name) \(texts.joined(separator: " | "))"
        }
    }
}

extension HistoryOracle.Question {
    /// By record, existence first, then by name.
    fileprivate func comesBefore(_ other: Self) -> Bool {
        if record != other.record { return record < other.record }
        if name == Conflict.existenceName { return other.name != Conflict.existenceName }
        return other.name != Conflict.existenceName && name.precedesInBytes(other.name)
    }
}

extension HistoryOracle.Content {
    var text: String {
        switch self {
        case .present: return "present"
        case .deleted: return "deleted"
        case .values(let values): return values.brief
        case .membership(let isIn): return isIn ? "in" : "out"
        }
    }
}
