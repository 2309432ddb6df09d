import Foundation
import TallySimulator
import Testing

/// Worlds as files: what is written is read again, and what is none is told where and why.
struct WorldFileTests {
    @Test("a world is written to a file and read from it", arguments: 1...40)
    func written(seed: UInt64) throws {
        let plan = WorldGenerator.plan(seed: seed)
        #expect(try WorldPlan(Array(plan.text(what: "\"it\" broke").utf8)) == plan)
    }

    private static let members = [
        "seed": "1", "versions": "[0,1]", "skews_ms": "[0,-5]", "network": "{}", "steps": "[]",
    ]

    /// The text of a world in which one member is another; nil: left out.
    private static func text(_ name: String, _ value: String?) -> String {
        var members = members
        members[name] = value
        return "{"
            + members.sorted { $0.key < $1.key }
            .map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }

    private func reason(_ text: String) -> String? {
        do throws(WorldFileFault) {
            _ = try WorldPlan(Array(text.utf8))
            return nil
        } catch { return error.reason }
    }

    @Test(
        "what is no JSON, or of another shape, is told",
        arguments: [
            ("", "not JSON at byte 0: expected a value"),
            (#"{"seed":1,]"#, "not JSON at byte 10: expected a member name"),
            (#"{"seed":1,"seed":1}"#, #"not JSON at byte 16: the member "seed" stands twice"#),
            ("[]", "not an object"),
            ("{}", "the member seed is missing"),
        ])
    func shape(text: String, expected: String) {
        #expect(reason(text) == expected)
    }

    @Test(
        "a member that cannot be played is told",
        arguments: [
            ("steps", nil, "the member steps is missing"),
            ("speed", "1", #"unknown member "speed""#),
            ("seed", "\"1\"", "seed is no whole number from 0 to 9007199254740991"),
            ("seed", "1.5", "seed is no whole number from 0 to 9007199254740991"),
            ("seed", "-1", "seed is no whole number from 0 to 9007199254740991"),
            ("seed", "9007199254740992", "seed is no whole number from 0 to 9007199254740991"),
            ("versions", "[]", "versions has 0 elements, not 1 to 16"),
            ("versions", "0", "versions is not an array"),
            ("versions", "[0,2]", "a version is no whole number from 0 to 1"),
            ("skews_ms", "[0]", "skews_ms has 1 elements, not 2 to 16"),
            (
                "skews_ms", "[1e300,0]",
                "a skew is no whole number from -3162240000000 to 3162240000000"
            ),
            (
                "skews_ms", "[0,0.5]",
                "a skew is no whole number from -3162240000000 to 3162240000000"
            ),
            ("network", "[]", "network is not an object"),
            ("network", #"{"odd":1}"#, #"the network has no "odd""#),
            ("network", #"{"delayed":101}"#, #""delayed" is no whole number from 0 to 100"#),
            ("network", #"{"meanwhile":-1}"#, #""meanwhile" is no whole number from 0 to 100"#),
            (
                "network", #"{"page-lines":0}"#,
                #""page-lines" is no whole number from 1 to 10000"#
            ),
        ] as [(String, String?, String)])
    func member(name: String, value: String?, expected: String) {
        #expect(reason(Self.text(name, value)) == expected)
    }

    @Test(
        "a step that cannot be played is told by its number",
        arguments: [
            ("3", "not [act, copy, seed, …]"),
            (#"["edit",0]"#, "not [act, copy, seed, …]"),
            (#"["fly",0,1]"#, #"there is no act "fly""#),
            (#"["edit",-1,1]"#, "the copy is no whole number from 0 to 9007199254740991"),
            (#"["edit",0,0.5]"#, "the seed is no whole number from 0 to 9007199254740991"),
            (#"["edit",0,1,"odd",2]"#, #"there is no fault "odd""#),
            (
                #"["edit",0,1,"power","2"]"#,
                "the operations before the fault is no whole number from 0 to 9007199254740991"
            ),
            (
                #"["edit",0,1,"power"]"#,
                #"after the seed stands neither FAULT, OPERATIONS nor "calm""#
            ),
        ])
    func step(row: String, expected: String) {
        let text = Self.text("steps", #"[["sync",0,1,"calm"],\#(row)]"#)
        #expect(reason(text) == "step 2: \(expected)")
    }

    @Test("clocks a hundred years off, and the largest seed, are read and written")
    func bounds() throws {
        let text = Self.text("skews_ms", "[3162240000000,-3162240000000]")
            .replacing(#""seed":1"#, with: #""seed":9007199254740991"#)
        let plan = try WorldPlan(Array(text.utf8))
        #expect(plan.seed == 9_007_199_254_740_991)
        #expect(try WorldPlan(Array(plan.text(what: "").utf8)) == plan)
    }

    @Test("every act and fault is told of in SyncFixtures/README.md")
    func documented() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../SyncFixtures/README.md").standardizedFileURL
        let text = try String(contentsOf: path, encoding: .utf8)
        let worlds = text[try #require(text.range(of: "## Worlds\n")).lowerBound...]
        let names =
            WorldStep.Act.allCases.map(\.rawValue) + NetworkFault.allCases.map(\.rawValue)
            + SimulatedDisk.Fault.allCases.map(\.rawValue)
        #expect(names.filter { !worlds.contains("`\($0)`") } == [])
    }
}
