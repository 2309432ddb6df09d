/// A list by what UN Comtrade and people write instead of its codes. Built once; each look-up is O(1).
public struct CodeIndex: Sendable {
    public static let flow = CodeIndex(.shipped("flow"))
    public static let quantityUnit = CodeIndex(.shipped("quantity_unit"))

    let list: CodeList
    private var byNumber: [String: CodeList.Entry] = [:]
    private var byName: [String: CodeList.Entry] = [:]

    public init(_ list: CodeList) {
        self.list = list
        // Where several have a name, the one whose first name it is comes before one with the alias,
        // and what there is now before what there was.
        let order = list.entries.sorted { Self.weight($0) < Self.weight($1) }
        for entry in order {
            for number in entry.comtrade where byNumber[number] == nil { byNumber[number] = entry }
            let name = FoldedText.of(entry.name)
            if byName[name] == nil { byName[name] = entry }
        }
        for entry in order {
            for alias in entry.names.map(FoldedText.of) where byName[alias] == nil {
                byName[alias] = entry
            }
        }
        // Comtrade calls the United States USA.
        for entry in order where byName[FoldedText.of(entry.code)] == nil {
            byName[FoldedText.of(entry.code)] = entry
        }
    }

    /// The code itself, as it is written in the list.
    public subscript(code: String) -> CodeList.Entry? { list[code] }

    /// By the number of UN Comtrade: `1` is the flow M, `842` the area USA. Zeros before it do not count.
    public func entry(comtrade number: String) -> CodeList.Entry? {
        byNumber[Self.plain(number)]
    }

    /// By the whole name, an alias, Comtrade's name or the code. Case, accents and extra spaces do not count: `re-Import`.
    public func entry(name: String) -> CodeList.Entry? {
        byName[FoldedText.of(name)]
    }

    /// Without spaces around it and zeros before it.
    static func plain(_ number: String) -> String {
        let text = number.trimmed
        let digits = text.drop { $0 == "0" }
        return digits.isEmpty && !text.isEmpty ? "0" : String(digits)
    }

    private static func weight(_ entry: CodeList.Entry) -> Int {
        switch entry.kind {
        case "former": 3
        case "special": 2
        case "group": 1
        default: entry.until == nil ? 0 : 3
        }
    }
}
