import TallyCore
import TallyWire
import Testing

struct JSONValueTests {
    @Test("a document is written compactly, its members in their order")
    func written() {
        let json: JSONValue = [
            "z": [1, "a\"b\n", true, false, .null, .number(0.1)], "a": [:], "": [],
            "é/": .string("\u{1}\u{7f}é😀/"),
        ]
        #expect(
            json.text
                == "{\"z\":[1,\"a\\\"b\\n\",true,false,null,0.1],\"a\":{},\"\":[],"
                + "\"é/\":\"\\u0001\u{7f}é😀/\"}")
    }

    @Test("what is written reads back to the same")
    func roundTrip() throws {
        let json: JSONValue = [
            "text": "tab\t line\n \\ \" / \u{0} \u{1f} \u{2028} \u{ffff} é e\u{301} 😀",
            "list": [[], [:], [[]], .null], "number": .number(-1.5e-300), "bool": true,
        ]
        #expect(try JSONValue(parsing: json.bytes) == json)
        #expect(try JSONValue(parsing: json.bytes).text == json.text)
    }

    @Test("a member is found by its name, and each getter takes only its own kind of value")
    func getters() {
        let json: JSONValue = [
            "text": "a", "number": 3, "bool": false, "list": [1], "object": ["a": 1],
        ]
        #expect(json["text"]?.string == "a" && json["number"]?.string == nil)
        #expect(json["number"]?.number == 3 && json["text"]?.number == nil)
        #expect(json["bool"]?.bool == false && json["number"]?.bool == nil)
        #expect(json["list"]?.array == [1] && json["object"]?.array == nil)
        #expect(json["object"]?.object?.map(\.name) == ["a"] && json["list"]?.object == nil)
        #expect(json["absent"] == nil && JSONValue.null["a"] == nil)
    }

    @Test("a count is an integer from 0 to 2^53 − 1, however it is written")
    func counts() {
        #expect(JSONValue.number(0).count == 0)
        #expect(JSONValue.number(9_007_199_254_740_991).count == 9_007_199_254_740_991)
        for number in [-1, 0.5, 9_007_199_254_740_992, 1e300, -0.5] {
            #expect(JSONValue.number(number).count == nil, "\(number)")
        }
        #expect(JSONValue.string("1").count == nil)
    }
}
