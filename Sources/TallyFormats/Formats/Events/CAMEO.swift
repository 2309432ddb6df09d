import TallyCore
import TallyStore

/// Codes of CAMEO, in which GDELT and ICEWS say what happened and between whom.
enum CAMEO {
    private static let events = CodeList.named("cameo")
    private static let countries = CodeList.named("cameo_country")
    private static let areas = CodeList.named("area")

    /// The type of events of a code: `support` for `057`; nil for what is no code of CAMEO.
    static func type(of code: String) -> String? { events?[code]?.type }

    /// Whether a code has lost the zero before it: `57` for `057`. Of `10` to `20` it cannot be told.
    static func hasLostZero(_ code: String) -> Bool {
        events?[code] == nil && events?["0" + code] != nil
    }

    /// The type of the code that a row has.
    ///
    /// - Throws: `InputFault` for one that has lost its zero, or may have: rows have codes of three digits or more, so that
    ///   `10` is `010`, not a demand; and for a figure (`40.0`, `1e+02`).
    static func typeOfRow(_ code: String) throws(InputFault) -> String? {
        if code.first?.isNumber == true, Double(code) != nil,
            !CodeText.isNumber(code, digits: 1...18)
        {
            throw InputFault(
                field: "code", "code \(Quoted.short(code)) is a figure, not a code",
                hint: "A program has made a number of it; have the column written as text.")
        }
        if hasLostZero(code) || (code.utf8.count == 2 && !code.hasPrefix("0")) {
            throw InputFault(
                field: "code", "code \(Quoted.short(code)) has lost the zero before it",
                hint: "A program has made a number of it; have the column written as text.")
        }
        return type(of: code)
    }

    /// The area of a country by its code of CAMEO, mostly that of ISO 3166: `CHN`, but `ROU` for `ROM`; nil for regions and
    /// for what is no such code.
    static func area(of country: String) -> String? {
        if let entry = countries?[country] { return entry.area }
        return areas?[country]?.code
    }

    /// Whether it is the code of a region, as `AFR`.
    static func isRegion(_ country: String) -> Bool {
        countries?[country].map { $0.area == nil } == true
    }
}
