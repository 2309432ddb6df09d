import TallyCore
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

    public init(_ bytes: [UInt8]) throws(WorldFileFault) {
        let json: JSONValue
        do throws(JSONFault) {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw WorldFileFault("not JSON at byte \(error.offset): \(error.reason)")
        }
        try json.checkMembers(["seed", "versions", "skews_ms", "network", "steps"], orJust: "what")
        if let what = json["what"], what.string == nil {
            throw WorldFileFault("what is no text")
        }
        let versions = try json.elements("versions", 1...Self.maximumCopies)
        let skewsMs = try json.elements("skews_ms", versions.count...Self.maximumCopies)
        self.init(
            seed: UInt64(try json["seed"].integer("seed", 0...Self.maximumSeed)),
            versions: try versions.map { (version) throws(WorldFileFault) in
                try version.integer("a version", 0...1)
            },
            skewsMs: try skewsMs.map { (skewMs) throws(WorldFileFault) in
                Int64(
                    try skewMs.integer("a skew", -Self.maximumSkewMs...Self.maximumSkewMs))
            },
            network: try NetworkRates(json["network"]),
            steps: try json.elements("steps", 0...Int.max).enumerated().map {
                (index, row) throws(WorldFileFault) in
                do throws(WorldFileFault) { return try WorldStep(row) } catch {
                    throw WorldFileFault("step \(index + 1): \(error.reason)")
                }
            })
    }

    /// The largest that JSON holds exactly.
    public static let maximumSeed = 9_007_199_254_740_991
    /// A hundred years.
    static let maximumSkewMs = 100 * 366 * 86_400_000
    static let maximumCopies = 16
}

/// Why a file is no world: where in it, and what is wrong.
public struct WorldFileFault: Error, Equatable, Sendable {
    public let reason: String

    /// - Parameter reason: may hold what stands in the file, however long.
    init(_ reason: String) {
        self.reason = reason.count > 200 ? "\(reason.prefix(200))…" : reason
    }
}

extension NetworkRates {
    fileprivate init(_ json: JSONValue?) throws(WorldFileFault) {
        guard let members = json?.object else { throw WorldFileFault("network is not an object") }
        self.init()
        for member in members {
            let name = JSONString.shown(member.name)
            if member.name == "page-lines" {
                pageLines = try member.value.integer(name, 1...10_000)
                continue
            }
            let percent = try member.value.integer(name, 0...100)
            if member.name == "meanwhile" {
                meanwhilePercent = percent
            } else if let fault = NetworkFault(rawValue: member.name) {
                percents[fault] = percent
            } else {
                throw WorldFileFault("the network has no \(name)")
            }
        }
    }
}

extension JSONValue {
    fileprivate func checkMembers(
        _ names: [String], orJust optional: String
    ) throws(WorldFileFault) {
        guard let members = object else { throw WorldFileFault("not an object") }
        for name in names where self[name] == nil {
            throw WorldFileFault("the member \(name) is missing")
        }
        for member in members where !names.contains(member.name) && member.name != optional {
            throw WorldFileFault("unknown member \(JSONString.shown(member.name))")
        }
    }

    fileprivate func elements(
        _ name: String, _ counts: ClosedRange<Int>
    ) throws(WorldFileFault) -> [JSONValue] {
        guard let elements = self[name]?.array else {
            throw WorldFileFault("\(name) is not an array")
        }
        guard counts.contains(elements.count) else {
            throw WorldFileFault(
                "\(name) has \(elements.count) elements, not \(counts.lowerBound) to \(counts.upperBound)"
            )
        }
        return elements
    }

    fileprivate func integer(
        _ name: String, _ range: ClosedRange<Int>
    ) throws(WorldFileFault) -> Int {
        guard let integer = number.flatMap({ Int(exactly: $0) }), range.contains(integer) else {
            throw WorldFileFault(
                "\(name) is no whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }
}

extension JSONValue? {
    fileprivate func integer(
        _ name: String, _ range: ClosedRange<Int>
    ) throws(WorldFileFault) -> Int {
        try (self ?? .null).integer(name, range)
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

    init(_ json: JSONValue) throws(WorldFileFault) {
        guard var row = json.array, row.count >= 3 else {
            throw WorldFileFault("not [act, copy, seed, …]")
        }
        let name = row[0].string ?? row[0].text
        guard let act = Act(rawValue: name) else {
            throw WorldFileFault("there is no act \(JSONString.shown(name))")
        }
        let whole = 0...WorldPlan.maximumSeed
        let (copy, seed) = (
            try row[1].integer("the copy", whole), try row[2].integer("the seed", whole)
        )
        self.init(act, copy: copy, seed: UInt64(seed))
        row.removeFirst(3)
        if row.last?.string == Self.calm {
            isCalm = true
            row.removeLast()
        }
        if row.isEmpty { return }
        guard row.count == 2, let name = row[0].string else {
            throw WorldFileFault("after the seed stands neither FAULT, OPERATIONS nor \"calm\"")
        }
        let isHubs = name.hasPrefix(Self.hubs)
        guard
            let kind = SimulatedDisk.Fault(
                rawValue: String(name.dropFirst(isHubs ? Self.hubs.count : 0)))
        else { throw WorldFileFault("there is no fault \(JSONString.shown(name))") }
        let after = try row[1].integer("the operations before the fault", whole)
        fault = PlannedFault(kind, after: after, isHubs: isHubs)
    }
}
