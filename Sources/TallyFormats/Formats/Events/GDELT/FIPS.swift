import TallyStore

/// Countries by FIPS 10-4, whose two letters are not those of ISO 3166: CH is China.
enum FIPS {
    private static let countries = CodeList.named("fips")

    /// The code of the area; nil where ISO 3166 has none, as for the oceans, and for what is no code of FIPS.
    static func area(of code: String) -> String? { countries?[code]?.area }

    /// Whether it is a code of FIPS, with an area or without.
    static func isCode(_ code: String) -> Bool { countries?[code] != nil }
}
