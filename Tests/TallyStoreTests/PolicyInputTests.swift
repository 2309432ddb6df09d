import TallyCore
import TallyStore
import Testing

/// Settings `policy.KIND.STATEMENT`, as input takes them.
struct PolicyInputTests {
    static let cases: [(name: String, policy: String, fault: String?)] = [
        ("policy.trade.value", "max", nil),
        ("policy.trade.value", "vintage", nil),
        ("policy.trade.value", "nonsense", #"There is no policy "nonsense""#),
        ("policy.trade.value", "Max", #"There is no policy "Max""#),
        ("policy.event.title", "vintage", "event.title has no vintage"),
        ("policy.event.title", "newest", nil),
        ("policy.event.title", "fill", nil),
        (
            "policy.event.title", "max",
            "max compares numbers and dates, and event.title is neither"
        ),
        (
            "policy.event.country", "min",
            "min compares numbers and dates, and event.country is neither"
        ),
        ("policy.event.date", "max", nil),
        ("policy.event.intensity", "min", nil),
        ("policy.trade.quantity", "min", nil),
        ("policy.trade.unit", "max", "unit of trade goes with value"),
        ("policy.trade.nothing", "max", #"trade has no field "nothing" that can conflict"#),
        ("policy.trade.tags", "max", #"trade has no field "tags" that can conflict"#),
        ("policy.trade", "max", #"trade has no field "" that can conflict"#),
        ("policy.trade.value.x", "max", #"trade has no field "value.x" that can conflict"#),
        (
            "policy.setting.value", "max",
            "Settings have no policy: people settle what the team agrees on"
        ),
        ("policy.novel.x", "nonsense", nil),
        ("policy.", "nonsense", #""policy." is no name of a policy"#),
        ("policy", "max", #""policy" is no name of a policy"#),
        ("policy..value", "max", #""policy..value" is no name of a policy"#),
        ("Policy.trade.value", "max", #""Policy.trade.value" is no name of a policy"#),
        ("POLICY", "max", #""POLICY" is no name of a policy"#),
        ("policies.trade.value", "nonsense", nil),
        ("dataset.name", "nonsense", nil),
    ]

    @Test(
        "a policy is one that the statement can have; of kinds that are not known nothing is judged",
        arguments: cases.indices)
    func judged(index: Int) {
        let (name, policy, expected) = Self.cases[index]
        var fault: InputFault?
        do throws(InputFault) {
            try PolicyInput.check(.text(policy), of: name, in: .shipped)
        } catch { fault = error }
        #expect(fault?.message == expected, "\(name) = \(policy)")
    }

    @Test("of a policy of a kind that is not known a person is told that it settles nothing here")
    func remarks() throws {
        let cases: [(record: String, remark: String?)] = [
            ("setting/policy.trade.value", nil), ("setting/dataset.name", nil),
            ("trade/KOR/CHN/X/TOTAL/2023/kosis", nil),
            (
                "setting/policy.trad.value",
                "no kind trad here (did you mean trade?): it settles nothing in this copy"
            ),
            (
                "setting/policy.settin.value",
                "no kind settin here: it settles nothing in this copy"
            ),
        ]
        for (text, remark) in cases {
            let record = try #require(RecordAddress(text))
            #expect(PolicyInput.remark(on: record, in: .shipped) == remark, "\(text)")
        }
    }

    @Test("a value that was there already, or is taken away, is not judged")
    func unchanged() throws {
        let address = try #require(RecordAddress("setting/policy.trade.value"))
        var input = RecordInput(kind: try #require(KindCatalog.shipped["setting"]))
        input.values["value"] = .text("nonsense")
        #expect(throws: InputFault.self) { try input.check(of: address, beside: [:], in: .shipped) }
        try input.check(of: address, beside: ["value": .text("nonsense")], in: .shipped)
        input.values["value"] = .null
        try input.check(of: address, beside: ["value": .text("nonsense")], in: .shipped)
    }
}
