import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// Settings `map.NAME`, as input takes them.
struct SavedMapInputTests {
    private static let unreadable = "the setting map.x would be no map that can be read: "

    static let cases: [(name: String, value: String, fault: String?)] = [
        ("map.x", #"{"header":["a"]}"#, nil),
        (
            "map.x",
            #"{"header":["a","B"],"columns":{"value":"a"},"constants":{"unit":"EUR"},"scale":6,"decimal":"comma"}"#,
            nil
        ),
        // Of a newer version.
        ("map.x", #"{"header":["a"],"format":"novel","sheet":{"number":2}}"#, nil),
        ("map.x", "", unreadable + "it is no JSON object"),
        ("map.x", "nonsense", unreadable + "it is no JSON object"),
        ("map.x", #"["a"]"#, unreadable + "it is no JSON object"),
        ("map.x", #"{"header":["a"]"#, unreadable + "it is no JSON object"),
        ("map.x", "{}", unreadable + "header is not the list of the columns' names"),
        ("map.x", #"{"header":[]}"#, unreadable + "header is not the list of the columns' names"),
        ("map.x", #"{"header":[1]}"#, unreadable + "header is not the list of the columns' names"),
        (
            "map.x", #"{"header":["a"],"columns":{"value":1}}"#,
            unreadable + "columns does not say a text for each field"
        ),
        (
            "map.x", #"{"header":["a"],"constants":["unit"]}"#,
            unreadable + "constants does not say a text for each field"
        ),
        ("map.x", #"{"header":["a"],"kind":1}"#, unreadable + "kind is no text"),
        (
            "map.x", #"{"header":["a"],"decimal":"."}"#,
            unreadable + "decimal is neither point nor comma"
        ),
        (
            "map.x", #"{"header":["a"],"scale":"million"}"#,
            unreadable + "scale is no power of ten, as 6 for millions"
        ),
        (
            "map.x", #"{"header":["a"],"scale":1.5}"#,
            unreadable + "scale is no power of ten, as 6 for millions"
        ),
        ("map.No Name", #"{"header":["a"]}"#, #""No Name" is no name for a saved map"#),
        ("map.", #"{"header":["a"]}"#, #""" is no name for a saved map"#),
        ("maps", "nonsense", nil),
        ("dataset.name", "nonsense", nil),
    ]

    @Test("a map is one that an import could read", arguments: cases.indices)
    func judged(index: Int) throws {
        let (name, value, expected) = Self.cases[index]
        let kinds = KindCatalog.shipped
        var input = RecordInput(kind: try #require(kinds["setting"]))
        input.values["value"] = .text(value)
        let address = RecordAddress(kind: "setting", key: RecordKey([name]))
        var fault: InputFault?
        do throws(InputFault) {
            try input.check(of: address, beside: [:], in: kinds)
        } catch { fault = error }
        #expect(fault?.message == expected, "\(name) = \(value)")
    }

    @Test("a scale that no figure has is no scale")
    func scale() {
        func map(_ scale: String) -> String { #"{"header":["a"],"scale":\#(scale)}"# }
        #expect(SavedMapInput.fault(in: map("6")) == nil)
        #expect(
            SavedMapInput.fault(in: map("9223372036854774784"))?.hasPrefix("scale is no power")
                == true)
    }
}
