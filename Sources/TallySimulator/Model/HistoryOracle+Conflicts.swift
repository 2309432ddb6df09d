import TallyCore

extension HistoryOracle {
    /// A distinct value among the facts in force that no policy settles.
    struct Side {
        let content: Content
        /// Latest first.
        let facts: [Fact]
    }

    /// What the facts in force of one statement, or of the existence of one record, come to.
    struct Question {
        let record: RecordAddress
        /// The name of the statement, `-` for existence.
        let name: String
        let facts: [Fact]
    }

    /// The questions of all records, those of records that are gone left out.
    var questions: [Question] {
        var result: [Question] = []
        for (record, facts) in Dictionary(grouping: factsInForce, by: \.place.record) {
            guard facts.contains(where: { $0.content == .present }) else { continue }
            let existence = facts.filter { $0.content == .present || $0.content == .deleted }
            result.append(
                Question(record: record, name: Conflict.existenceName, facts: existence))
            for (part, facts) in Dictionary(grouping: facts, by: \.place.part) {
                guard case .statement(let name) = part else { continue }
                result.append(Question(record: record, name: name, facts: facts))
            }
        }
        return result
    }

    /// Those that another one beats under the statement's policy.
    func beaten(in question: Question) -> [Fact] {
        guard question.name != Conflict.existenceName else { return [] }
        let statement = kinds.statement(question.name, ofKind: question.record.kind)
        let policy = policies[question.record.kind, question.name] ?? statement.policy
        return question.facts.filter { fact in
            question.facts.contains { beats($0, fact, under: policy, statement) }
        }
    }

    /// The sides by letter; one side is a clean value.
    func sides(of question: Question) -> [Side] {
        let beaten = beaten(in: question)
        let rest = question.facts.filter { fact in !beaten.contains { $0.isSame(as: fact) } }
        return Dictionary(grouping: rest, by: \.content)
            .map { content, facts in
                Side(content: content, facts: facts.sorted { isLater($0, than: $1) })
            }
            .sorted { isLater($1.facts[0], than: $0.facts[0]) }
    }

    /// Whether any version in force was written by somebody who had integrated a version of the statement.
    func sawValueBefore(_ question: Question) -> Bool {
        let place = question.facts[0].place
        return question.facts.contains { fact in
            facts.contains { $0.place == place && hasIntegrated(fact.revision, $0.revision) }
        }
    }

    /// What a statement was before a conflict: the latest version that all of its versions cover.
    public func before(_ conflict: Conflict) -> (content: [Value], revision: Revision)? {
        let revisions = conflict.sides.flatMap(\.revisions)
        let place = Place(record: conflict.record, part: .statement(conflict.statement))
        let common = facts.filter { fact in
            fact.place == place && revisions.allSatisfy { hasIntegrated($0, fact.revision) }
        }
        guard let latest = common.max(by: { isLater($1, than: $0) }),
            case .values(let values) = latest.content
        else { return nil }
        return (values, latest.revision)
    }

    private func isLater(_ a: Fact, than b: Fact) -> Bool {
        func rank(_ fact: Fact) -> (Int64, String, Int, Int) {
            let time = times[fact.revision]?.milliseconds ?? 0
            return (time, fact.revision.replica.text, fact.revision.seq, fact.order)
        }
        return rank(a) > rank(b)
    }

    private func beats(
        _ a: Fact, _ b: Fact, under policy: Policy, _ statement: Kind.Statement
    ) -> Bool {
        guard case .values(let x) = a.content, case .values(let y) = b.content else { return false }
        switch policy {
        case .manual: return false
        case .newest: return a.revision != b.revision && isLater(a, than: b)
        case .max: return y[0] == .null ? x[0] != .null : x[0].isWholly(after: y[0])
        case .min: return y[0] == .null ? x[0] != .null : y[0].isWholly(after: x[0])
        case .fill: return y.allSatisfy { $0 == .null } && !x.allSatisfy { $0 == .null }
        case .vintage: return statement.vintage.map { x[$0].isWholly(after: y[$0]) } ?? false
        }
    }
}

extension HistoryOracle.Fact {
    func isSame(as other: Self) -> Bool {
        place == other.place && revision == other.revision && order == other.order
    }
}

extension Value {
    /// Whether a number is larger, or a date lies after all days of the other; false where that makes no sense.
    fileprivate func isWholly(after other: Value) -> Bool {
        switch (self, other) {
        case (.number(let x), .number(let y)): return x > y
        case (.text(let x), .text(let y)):
            guard let a = Self.span(x), let b = Self.span(y) else { return false }
            return a.first > b.last
        default: return false
        }
    }

    /// The first and the last day that a date may mean, as numbers in the order of days.
    private static func span(_ date: String) -> (first: Int, last: Int)? {
        guard Shape.isDate(date) else { return nil }
        let parts = date.split(separator: "-").compactMap { Int($0) }
        let (month, day) = (parts.dropFirst().first, parts.dropFirst(2).first)
        func number(_ month: Int, _ day: Int) -> Int { (parts[0] * 100 + month) * 100 + day }
        return (number(month ?? 0, day ?? 0), number(month ?? 99, day ?? 99))
    }
}

extension HistoryOracle {
    /// The value of a statement of every record of a kind that is there; of a conflict the provisional winner.
    func winners(of statement: String, ofKind kind: String) -> [RecordAddress: [Value]] {
        var winners: [RecordAddress: [Value]] = [:]
        for question in questions where question.record.kind == kind && question.name == statement {
            guard case .values(let values)? = sides(of: question).last?.content else { continue }
            winners[question.record] = values
        }
        return winners
    }
}
