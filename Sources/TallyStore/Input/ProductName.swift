/// What a product of a trade record is called: `H6:850760` is in 8507, Electric accumulators ….
///
/// Chapters and headings of HS 2012 to 2022 (`H4`, `H5`, `H6`, and `HS` where the edition is not told) and sections to
/// subgroups of SITC 4 (`S4`) have names; a longer code has that of the nearest one above it. `TOTAL` is all commodities.
public struct ProductName: Sendable, Equatable {
    /// The code that the name is of, without the classification; nil for all commodities.
    public let code: String?
    /// As published, in the edition of the product.
    public let name: String
    /// Whether the name is the product's own, not that of a wider one.
    public let isExact: Bool

    /// - Returns: nil where nothing is known of the classification, or of the code.
    public init?(of product: String) {
        guard let parts = Parts(product) else { return nil }
        if parts.code == "TOTAL" {
            (code, name, isExact) = (nil, "All commodities", true)
            return
        }
        guard let scheme = parts.scheme, let found = scheme.nearest(to: parts.code) else {
            return nil
        }
        (code, name, isExact) = (found.entry.code, found.name, found.entry.code == parts.code)
    }

    /// In one line: the name, with its code before it where that is a wider one.
    public var text: String {
        guard let code, !isExact else { return name }
        return "in \(code): \(name)"
    }

    /// The entry of a list that a product is in, with or without its classification: `H6:850760`, `850760`.
    static func entry(
        for text: String, in list: CodeList
    ) -> (entry: CodeList.Entry, isExact: Bool)? {
        var code = text.filter { $0 != "." }
        var scheme = Scheme.any(of: list.name)
        if let parts = Parts(text.uppercased()), parts.scheme?.list == list.name {
            (code, scheme) = (parts.code, parts.scheme)
        }
        guard code.utf8.allSatisfy({ (48...57) ~= $0 }), let found = scheme?.nearest(to: code)
        else { return nil }
        return (found.entry, found.entry.code == code)
    }

    /// A product taken apart.
    private struct Parts {
        var scheme: Scheme?
        let code: String

        init?(_ product: String) {
            let parts = product.split(separator: ":", omittingEmptySubsequences: false)
            if parts.count == 1, product == "TOTAL" {
                code = product
            } else if parts.count == 2, let scheme = Scheme(String(parts[0])) {
                self.scheme = scheme
                code = parts[1].filter { $0 != "." }
            } else {
                return nil
            }
        }
    }

    /// A classification, as Comtrade calls it.
    private struct Scheme {
        let list: String
        /// nil where it is not told.
        let edition: String?
        /// How long the codes with names are, the longest first.
        let lengths: [Int]

        init?(_ classification: String) {
            switch classification {
            case "H4", "H5", "H6":
                self.init(list: "hs", edition: classification, lengths: [4, 2])
            case "HS": self.init(list: "hs", edition: nil, lengths: [4, 2])
            case "S4": self.init(list: "sitc", edition: nil, lengths: [4, 3, 2, 1])
            default: return nil
            }
        }

        private init(list: String, edition: String?, lengths: [Int]) {
            (self.list, self.edition, self.lengths) = (list, edition, lengths)
        }

        static func any(of list: String) -> Scheme? {
            switch list {
            case "hs": Scheme("HS")
            case "sitc": Scheme("S4")
            default: nil
            }
        }

        /// The code itself, or the nearest above it.
        func nearest(to code: String) -> (entry: CodeList.Entry, name: String)? {
            let codes = CodeList.shipped(list)
            for length in lengths where length <= code.count {
                if let entry = codes[String(code.prefix(length))],
                    let name = entry.name(in: edition)
                {
                    return (entry, name)
                }
            }
            return nil
        }
    }
}
