import TallyCore
import TallyStore

/// Codes of SDMX publishers as those of Tally.
enum SDMXCodes {
    /// Areas that are not called by ISO's codes or names.
    private static let areas: [String: String] = [
        "W": "WLD", "W0": "WLD", "W1": "WLD", "W00": "WLD", "WORLD": "WLD", "G001": "WLD",
        "EL": "GRC", "NA": "NAM", "UK": "GBR", "XS": "SRB", "KOS": "XKX", "ANT_F": "ANT",
        "SCG_F": "SCG",
        "EU27_2020": "EU27", "G998": "EU27",
    ]

    /// A name of a former state means that state: deletions may leave the period away.
    static func area(_ text: String) -> String {
        areas[text] ?? AreaCells.entry(text)?.code ?? text
    }

    /// The prefixes of products (UNSD:CL_COMMODITY, OECD) and what Comtrade calls the classification.
    private static let classifications: [(prefix: String, code: String)] = [
        ("HS92_", "H0"), ("HS96_", "H1"), ("HS02_", "H2"), ("HS07_", "H3"), ("HS12_", "H4"),
        ("HS17_", "H5"), ("HS22_", "H6"), ("HS_", "HS"), ("SITC1_", "S1"), ("SITC2_", "S2"),
        ("SITC3_", "S3"), ("SITC4_", "S4"), ("CPA_2_1_", "CPA21"), ("CPA_2_2_", "CPA22"),
        ("SITC", "S4"),
    ]

    static func isTotal(product: String) -> Bool {
        ["_T", "TOTAL", "_Z"].contains(product.uppercased()) || product.hasSuffix("_TOTAL")
    }

    /// - Parameter standard: the classification of a code without a prefix.
    static func product(_ text: String, standard: String?) throws(InputFault) -> String {
        if isTotal(product: text) { return "TOTAL" }
        for (prefix, code) in classifications where text.hasPrefix(prefix) {
            return "\(code):\(text.dropFirst(prefix.count))"
        }
        if text.isEmpty {
            throw InputFault(
                field: "product", "product is missing", hint: "The total is written _T.")
        }
        guard let standard else {
            throw InputFault(
                field: "product",
                "product \(Quoted.short(text)) does not say its classification",
                hint: "Say it for all: --classification H6 (HS 2022), S4 (SITC 4) …")
        }
        return try ProductCells.product(text, in: standard)
    }

    /// An id that stands for a product of Tally's: `HS22_850760`, `EB_TOTAL`, `_T`. ``product(id:)`` reads it back.
    static func id(ofProduct product: String) -> String {
        let parts = product.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return product == "TOTAL" ? "_T" : product }
        let known = classifications.first { $0.code == parts[0] }
        return (known?.prefix ?? parts[0] + "_") + parts[1]
    }

    /// The product that an id of Tally's own dataflow stands for.
    static func product(id: String) -> String {
        if id == "_T" { return "TOTAL" }
        let known = classifications.first { $0.prefix.hasSuffix("_") && id.hasPrefix($0.prefix) }
        if let known { return "\(known.code):\(id.dropFirst(known.prefix.count))" }
        guard let end = id.firstIndex(of: "_") else { return id }
        return "\(id[..<end]):\(id[id.index(after: end)...])"
    }

    /// Statuses of Eurostat, the more telling first where several letters stand together.
    private static let flags: [(letter: Character, status: String)] = [
        ("c", "Q"), ("m", "M"), ("z", "M"), ("f", "F"), ("e", "E"), ("s", "E"), ("i", "I"),
        ("p", "P"), ("u", "U"), ("n", "N"), ("r", "R"), ("d", "D"), ("b", "B"),
    ]

    static func status(_ text: String) -> String {
        if text.isEmpty || text.contains(where: \.isUppercase) { return text }
        return flags.first { text.contains($0.letter) }?.status ?? text
    }

    /// Of Eurostat's older flags, c says so of the figure itself.
    static func confidentiality(_ text: String, flag: String) -> String {
        text.isEmpty && flag.contains("c") ? "C" : text
    }

    /// Units that are currencies by another name, as the OECD's dollars at exchange rates.
    static func unit(_ text: String) -> String { text == "USD_EXC" ? "USD" : text }
}
