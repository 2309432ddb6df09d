/// Codes of a file that no list has, and how often.
struct UnknownCodes {
    private var counts: [String: Int] = [:]
    private var total = 0

    /// More different ones are only counted together.
    private static let maximumKept = 1000
    private static let maximumShown = 5
    /// Of a code, in characters of Unicode: a cell may have 16 MiB.
    static let maximumLength = 64

    mutating func note(_ code: String) {
        total += 1
        let code = String(code.unicodeScalars.prefix(Self.maximumLength))
        if counts[code] != nil || counts.count < Self.maximumKept {
            counts[code, default: 0] += 1
        }
    }

    /// - Parameter what: as `countries that are not known`.
    /// - Returns: what a person should be told; nothing where all are known.
    func remarks(_ what: String) -> [String] {
        guard total > 0 else { return [] }
        let codes = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let shown = codes.prefix(Self.maximumShown).map { "\(Quoted.short($0.key)) \($0.value)" }
        let more = codes.count > shown.count ? " and \(codes.count - shown.count) more" : ""
        return ["\(what): \(shown.joined(separator: ", "))\(more)"]
    }
}
