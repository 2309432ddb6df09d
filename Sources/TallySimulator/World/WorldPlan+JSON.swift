import TallyWire

// Plans as files of SyncFixtures/worlds, a line a step:
//
// {"what":"…","seed":17,"versions":[0,0],"skews_ms":[0,0],"network":{"answer-lost":15,"meanwhile":10},"steps":[
// ["edit",0,8123],
// ["sync",1,77,"power",5],
// ["sync",0,3,"hub full",12],
// ["edit",1,5,"calm"]]}

extension WorldPlan {
    /// - Parameter what: what it showed, for whoever reads the file.
    public func text(what: String) -> String {
        var network = network.percents.filter { $0.value > 0 }
            .map { JSONValue.Member($0.key.rawValue, .number(Double($0.value))) }
            .sorted { $0.name < $1.name }
        if self.network.meanwhilePercent > 0 {
            network.append(.init("meanwhile", .number(Double(self.network.meanwhilePercent))))
        }
        if let lines = self.network.pageLines {
            network.append(.init("page-lines", .number(Double(lines))))
        }
        let head: JSONValue = .object([
            .init("what", .string(what)), .init("seed", .number(Double(seed))),
            .init("versions", .array(versions.map { .number(Double($0)) })),
            .init("skews_ms", .array(skewsMs.map { .number(Double($0)) })),
            .init("network", .object(network)),
        ])
        let lines = steps.map(\.json.text).joined(separator: ",\n")
        return "\(head.text.dropLast()),\"steps\":[\n\(lines)]}\n"
    }

    /// - Returns: nil for what is no plan.
    public init?(_ bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), let seed = json["seed"]?.count,
            let versions = json["versions"]?.array?.compactMap(\.count), !versions.isEmpty,
            let skews = json["skews_ms"]?.array?.compactMap(\.number),
            skews.count >= versions.count,
            let network = json["network"]?.object, let rows = json["steps"]?.array
        else { return nil }
        var rates = NetworkRates()
        for member in network {
            guard let percent = member.value.count else { return nil }
            if member.name == "meanwhile" {
                rates.meanwhilePercent = percent
            } else if member.name == "page-lines" {
                rates.pageLines = percent
            } else if let fault = NetworkFault(rawValue: member.name) {
                rates.percents[fault] = percent
            } else {
                return nil
            }
        }
        let steps = rows.compactMap { WorldStep($0) }
        guard steps.count == rows.count else { return nil }
        self.init(
            seed: UInt64(seed), versions: versions, skewsMs: skews.map { Int64($0) },
            network: rates, steps: steps)
    }
}

extension WorldStep {
    private static let hubs = "hub "
    private static let calm = "calm"

    var json: JSONValue {
        var row: [JSONValue] = [
            .string(act.rawValue), .number(Double(copy)), .number(Double(seed)),
        ]
        if let fault {
            row.append(.string((fault.isHubs ? Self.hubs : "") + fault.kind.rawValue))
            row.append(.number(Double(fault.after)))
        }
        if isCalm { row.append(.string(Self.calm)) }
        return .array(row)
    }

    init?(_ json: JSONValue) {
        guard var row = json.array, row.count >= 3,
            let act = row[0].string.flatMap({ Act(rawValue: $0) }), let copy = row[1].count,
            let seed = row[2].count
        else { return nil }
        self.init(act, copy: copy, seed: UInt64(seed))
        row.removeFirst(3)
        if row.last?.string == Self.calm {
            isCalm = true
            row.removeLast()
        }
        guard !row.isEmpty else { return }
        guard row.count == 2, let name = row[0].string, let after = row[1].count else { return nil }
        let isHubs = name.hasPrefix(Self.hubs)
        guard
            let kind = SimulatedDisk.Fault(
                rawValue: String(name.dropFirst(isHubs ? Self.hubs.count : 0)))
        else { return nil }
        fault = PlannedFault(kind, after: after, isHubs: isHubs)
    }
}
