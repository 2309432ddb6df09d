/// Elements of a set field in one cell, separated by `;`.
///
/// A `;` or a `\` inside an element is written `\;` and `\\`.
public enum ElementList {
    public static func join(_ elements: [String]) -> String {
        elements.map { element in
            element.contains { $0 == ";" || $0 == "\\" }
                ? element.reduce(into: "") { result, character in
                    if character == ";" || character == "\\" { result.append("\\") }
                    result.append(character)
                } : element
        }.joined(separator: ";")
    }

    /// Empty elements are left out.
    public static func split(_ cell: String) -> [String] {
        var (elements, element, isEscaped) = ([String](), "", false)
        for character in cell {
            if isEscaped {
                element.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == ";" {
                elements.append(element)
                element = ""
            } else {
                element.append(character)
            }
        }
        if isEscaped { element.append("\\") }
        elements.append(element)
        return elements.filter { !$0.allSatisfy { $0 == " " } }
    }
}
