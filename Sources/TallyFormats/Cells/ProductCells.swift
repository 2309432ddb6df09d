import TallyCore
import TallyStore

/// Reads products of a classification that is known.
enum ProductCells {
    /// `HS:850760` of `850760` or `8507.60`.
    ///
    /// Codes of the Harmonized System are chapters, headings and so on, two digits each: one with an odd number of digits
    /// has lost the zero before it, and is refused.
    static func product(_ code: String, in classification: String) throws(InputFault) -> String {
        guard isHarmonized(classification) else { return "\(classification):\(code)" }
        let plain = code.filter { $0 != "." && $0 != " " }
        let isDigits = !plain.isEmpty && plain.utf8.allSatisfy { (0x30...0x39).contains($0) }
        // The lists of publishers have codes with letters for what is confidential or adjusted.
        let isSpecial =
            !isDigits && plain.utf8.count >= 4
            && plain.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) }
        guard isSpecial || (isDigits && plain.utf8.count % 2 == 0) else {
            throw InputFault(
                field: "product",
                "product \(Quoted.short(code)) is no code of the Harmonized System",
                hint: isDigits
                    ? "It has an odd number of digits: has a program taken the zero before it? Have the column read as text."
                    : "It has 2, 4, 6 or more digits; the total is TOTAL. --classification names another classification."
            )
        }
        return "\(classification):\(plain)"
    }

    private static func isHarmonized(_ classification: String) -> Bool {
        classification == "HS" || classification == "CN"
            || classification.utf8.count == 2 && classification.first == "H"
    }
}
