/// Areas by what other sources write for them. Built once; each look-up is O(1).
///
/// `area.json` says what its members mean: where Comtrade's numbers differ from M49, and what its ISO column says.
public struct AreaCodes: Sendable {
    public static let shipped = AreaCodes(.shipped("area"))

    private let index: CodeIndex
    private var byISO2: [String: CodeList.Entry] = [:]
    private var byM49: [String: CodeList.Entry] = [:]
    private var byComtradeISO: [String: CodeList.Entry] = [:]

    public init(_ list: CodeList) {
        index = CodeIndex(list)
        for entry in list.entries {
            if let iso2 = entry.iso2 { byISO2[iso2] = entry }
            if let m49 = entry.m49 { byM49[CodeIndex.plain(m49)] = entry }
            byComtradeISO[entry.code] = entry
        }
        for entry in list.entries {
            if let iso = entry.comtradeISO { byComtradeISO[iso] = entry }
        }
    }

    /// The code itself: `KOR`.
    public subscript(code: String) -> CodeList.Entry? { index[code] }

    /// By the number of UN Comtrade, which is not always that of M49: `842` and `840` are USA, `0` is WLD, `490` is S19.
    public func area(comtrade number: String) -> CodeList.Entry? {
        index.entry(comtrade: number) ?? area(m49: number)
    }

    /// By the number of UN M49, with or without zeros before it: `410`, `056`.
    public func area(m49 number: String) -> CodeList.Entry? { byM49[CodeIndex.plain(number)] }

    /// By ISO 3166-1 alpha-2, in any case: `KR`.
    public func area(iso2 code: String) -> CodeList.Entry? { byISO2[code.trimmed.uppercased()] }

    /// By the ISO column of UN Comtrade, which pads with spaces: `KOR`, `W00` (WLD), `S19`, `_X `.
    ///
    /// `A79` stands there for two areas; the number tells them apart, so ask for that first.
    public func area(comtradeISO code: String) -> CodeList.Entry? { byComtradeISO[code.trimmed] }

    /// By the whole name, an alias, Comtrade's name or the code. Case, accents and extra spaces do not count: `south korea`.
    ///
    /// Of several it is one whose first name it is; of these the country, then the group, a special area, a former one.
    public func area(name: String) -> CodeList.Entry? { index.entry(name: name) }
}
