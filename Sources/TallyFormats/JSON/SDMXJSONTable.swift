import TallyCore

/// An SDMX-JSON data message (1.0 and 2.0) as the table that SDMX-CSV would have.
///
/// The columns are the ids of the dimensions, the measures and the attributes, in that order; cells hold ids. The message
/// is read whole, since its structure may stand behind its data.
///
/// Source: https://github.com/sdmx-twg/sdmx-json (data-message/docs).
struct SDMXJSONTable {
    static let maximumBytes = 16 * 1024 * 1024
    /// The members of a message that are read.
    static let members: Set<String> = ["data", "dataSets", "structure", "meta", "header"]

    let columns: [String]
    private let structures: [Structure]
    private let dataSets: [JSONNode]

    init(_ message: JSONNode) throws(FormatError) {
        let data = message["data"] ?? message
        let described = data["structures"]?.array ?? data["structure"].map { [$0] } ?? []
        let structures = described.map(Structure.init)
        guard let sets = data["dataSets"]?.array, !structures.isEmpty else {
            throw FormatError(
                "the JSON has no rows that are known",
                hint: "An SDMX-JSON data message has dataSets and a structure.")
        }
        dataSets = sets
        self.structures = structures
        var columns = ["STRUCTURE_ID", "ACTION"]
        for id in structures.flatMap(\.columns) where !columns.contains(id) { columns.append(id) }
        self.columns = columns
    }

    /// The cells of the next observation; nil at the end.
    var rows: () throws -> [String]? {
        var (set, cursor) = (0, 0)
        var waiting: [[String]] = []
        return {
            while cursor == waiting.count {
                guard set < dataSets.count else { return nil }
                (waiting, cursor) = (try observations(of: dataSets[set]), 0)
                set += 1
            }
            defer { cursor += 1 }
            return waiting[cursor]
        }
    }

    private func observations(of dataSet: JSONNode) throws(FormatError) -> [[String]] {
        let number = dataSet["structure"]?.int ?? 0
        guard structures.indices.contains(number) else {
            throw FormatError(
                "a data set names the structure \(number), and the message has \(structures.count)",
                hint: "Get the file once more.")
        }
        let structure = structures[number]
        var common = ["STRUCTURE_ID": structure.id]
        common["ACTION"] = dataSet["action"]?.string.map(Self.action)
        for attribute in structure.attributes { common[attribute.id] = attribute.standard }
        for dimension in structure.dataSetDimensions {
            common[dimension.id] = dimension.values.first
        }
        let groups = Groups(dataSet["dimensionGroupAttributes"], structure)
        if let attributes = dataSet["attributes"] {
            Self.assign(attributes, structure.dataSetAttributes, to: &common)
        } else {
            // The one value that an attribute of the whole has need not be named.
            for attribute in structure.dataSetAttributes where attribute.values.count == 1 {
                common[attribute.id] = attribute.values[0]
            }
        }
        var rows: [[String]] = []
        func add(_ node: JSONNode?, _ known: [String: String]) {
            for member in node?.object ?? [] {
                var cells = known
                structure.observationDimensions.assign(member.name, to: &cells)
                groups.assign(to: &cells)
                let values = member.value.array ?? [member.value]
                Self.assign(
                    .array(Array(values.prefix(structure.measures.count))), structure.measures,
                    to: &cells)
                Self.assign(
                    .array(Array(values.dropFirst(structure.measures.count))),
                    structure.observationAttributes, to: &cells)
                rows.append(columns.map { cells[$0] ?? "" })
            }
        }
        add(dataSet["observations"], common)
        for member in dataSet["series"]?.object ?? [] {
            let (key, series) = (member.name, member.value)
            var known = common
            structure.seriesDimensions.assign(key, to: &known)
            Self.assign(series["attributes"], structure.seriesAttributes, to: &known)
            add(series["observations"], known)
        }
        return rows
    }

    fileprivate static func assign(
        _ values: JSONNode?, _ components: [Component], to cells: inout [String: String]
    ) {
        for (value, component) in zip(values?.array ?? [], components) {
            if case .null = value { continue }
            cells[component.id] = component.text(of: value)
        }
    }

    private static func action(_ text: String) -> String {
        // The words of 1.0 and 2.0 are Information, Append, Replace, Merge, Delete; SDMX-CSV has their first letters.
        text.first.map { String($0).uppercased() } ?? ""
    }

    /// A dimension, measure or attribute and the values that its numbers stand for.
    fileprivate struct Component {
        let id: String
        let values: [String]
        /// The value where none is given.
        let standard: String?
        let keyPosition: Int?

        init(_ node: JSONNode) {
            id = node["id"]?.string ?? ""
            keyPosition = node["keyPosition"]?.int
            standard = node["default"]?.cell
            values = (node["values"]?.array ?? []).map { value in
                value["id"]?.string ?? value["value"]?.cell ?? value["name"]?.string ?? ""
            }
        }

        func text(of value: JSONNode) -> String {
            guard let index = value.int, !values.isEmpty else { return value.cell }
            return values.indices.contains(index) ? values[index] : value.cell
        }
    }

    fileprivate struct Structure {
        let id: String
        let dataSetDimensions, seriesDimensions, observationDimensions: [Component]
        let dataSetAttributes, groupAttributes, seriesAttributes, observationAttributes: [Component]
        let measures: [Component]

        init(_ node: JSONNode) {
            func components(_ part: String, _ level: String) -> [Component] {
                (node[part]?[level]?.array ?? []).map(Component.init)
            }
            let links = node["links"]?.array ?? []
            let urn = links.lazy.compactMap { $0["urn"]?.string }.first
            id = urn.flatMap { $0.split(separator: "=").last.map(String.init) } ?? ""
            dataSetDimensions = components("dimensions", "dataSet")
            seriesDimensions = components("dimensions", "series")
            observationDimensions = components("dimensions", "observation")
            dataSetAttributes = components("attributes", "dataSet")
            groupAttributes = components("attributes", "dimensionGroup")
            seriesAttributes = components("attributes", "series")
            observationAttributes = components("attributes", "observation")
            let named = components("measures", "observation")
            measures =
                named.isEmpty
                ? [Component(.object([.init(name: "id", value: .string("OBS_VALUE"))]))] : named
        }

        var columns: [String] {
            (dimensions + measures + attributes).map(\.id).filter { !$0.isEmpty }
        }

        /// In the order of their positions in a key, where these are given.
        var dimensions: [Component] {
            let all = dataSetDimensions + seriesDimensions + observationDimensions
            guard all.allSatisfy({ $0.keyPosition != nil }) else { return all }
            return all.sorted { $0.keyPosition ?? 0 < $1.keyPosition ?? 0 }
        }

        var attributes: [Component] {
            dataSetAttributes + groupAttributes + seriesAttributes + observationAttributes
        }
    }
}

extension SDMXJSONTable {
    /// Attributes of groups of dimensions: the keys name some of all dimensions, as `0::3`, the others stand empty.
    fileprivate struct Groups {
        private var tables: [[String]: [[String]: [String: String]]] = [:]

        init(_ node: JSONNode?, _ structure: Structure) {
            for member in node?.object ?? [] {
                let (key, values) = (member.name, member.value)
                var named: [String: String] = [:]
                structure.dimensions.assign(key, to: &named)
                let ids = named.keys.sorted()
                var attributes: [String: String] = [:]
                SDMXJSONTable.assign(values, structure.groupAttributes, to: &attributes)
                tables[ids, default: [:]][ids.map { named[$0] ?? "" }, default: [:]]
                    .merge(attributes) { _, new in new }
            }
        }

        /// Gives an observation what its groups say.
        func assign(to cells: inout [String: String]) {
            for (ids, table) in tables {
                if let attributes = table[ids.map { cells[$0] ?? "" }] {
                    cells.merge(attributes) { _, new in new }
                }
            }
        }
    }
}

extension [SDMXJSONTable.Component] {
    /// Reads the key of a series or observation: the numbers of its values, as `0:3:1`.
    fileprivate func assign(_ key: String, to cells: inout [String: String]) {
        for (part, dimension) in zip(
            key.split(separator: ":", omittingEmptySubsequences: false), self)
        {
            if let index = Int(part), dimension.values.indices.contains(index) {
                cells[dimension.id] = dimension.values[index]
            }
        }
    }
}
