/// Elements of a set field in one cell, separated by `;`.
///
/// A `;` or a `\` inside an element is written `\;` and `\\`.
public enum ElementList {
    public static func join(_ elements: [String]) -> String {
        elements.map { element in
            element.unicodeScalars.contains(where: isSpecial)
                ? element.unicodeScalars.reduce(into: "") { result, scalar in
                    if isSpecial(scalar) { result.unicodeScalars.append("\\") }
                    result.unicodeScalars.append(scalar)
                } : element
        }.joined(separator: ";")
    }

    private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
        scalar == ";" || scalar == "\\"
    }

    /// Empty elements are left out.
    public static func split(_ cell: String) -> [String] {
        var (elements, element, isEscaped) = ([String](), "", false)
        // By scalars: a combining mark behind a `;` makes one Character with it.
        for scalar in cell.unicodeScalars {
            if isEscaped {
                element.unicodeScalars.append(scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == ";" {
                elements.append(element)
                element = ""
            } else {
                element.unicodeScalars.append(scalar)
            }
        }
        if isEscaped { element.append("\\") }
        elements.append(element)
        return elements.filter { !$0.allSatisfy { $0 == " " } }
    }
}
