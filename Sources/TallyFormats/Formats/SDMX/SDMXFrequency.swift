import TallyCore
import TallyStore

/// The span of time that `FREQ` names, and that a period has.
///
/// Source: CL_FREQ of the SDMX cross-domain code lists; frequencies of several spans (`A2`) and of parts of a day are not
/// judged.
enum SDMXFrequency {
    /// What the component is called.
    static let components = ["FREQ", "FREQUENCY"]

    private static let spans: [String: String] = [
        "A": "year", "S": "half-year", "Q": "quarter", "M": "month", "W": "week", "D": "day",
        "B": "day",
    ]

    /// - Parameters:
    ///   - id: of the component, for messages.
    ///   - period: as Tally writes it.
    /// - Throws: `InputFault` where the two contradict each other: which of them is meant nobody can tell.
    static func check(_ code: String, id: String, period: String) throws(InputFault) {
        guard let said = spans[code.uppercased()],
            let given = Self.code(of: period).flatMap({ spans[$0] }),
            said != given
        else {
            return
        }
        throw InputFault(
            field: "period",
            "\(id) \(Quoted.short(code)) says a \(said), the period \(Quoted.short(period)) is a \(given)",
            hint: "Mend the one that is wrong, or get the file once more.")
    }

    /// The code of a period; nil for a range, and for what is no period.
    static func code(of period: String) -> String? {
        guard Shape.isPeriod(period), !period.contains("/") else { return nil }
        let parts = period.split(separator: "-")
        guard let letter = parts.dropFirst().first?.first, !letter.isNumber else {
            return ["A", "M", "D"][parts.count - 1]
        }
        return String(letter)
    }
}
