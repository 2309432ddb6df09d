import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// The address of a record as a person types it.
struct AddressTests {
    private func events(_ folder: TestFolder) throws -> Copy {
        let mina = try folder.copy("mina")
        for id in ["0192f0c1-a", "0192f0c2-b", "motie:7/1", "e\u{301}cole", "say \"hi\"", "gone-1"]
        {
            let record = RecordAddress(kind: "event", key: RecordKey([id]))
            try mina.write { try $0.edit(record, [.create]) }
        }
        try mina.edit("event/gone-1", .delete)
        try mina.edit(korea, .figure(1))
        return mina
    }

    @Test(
        "a prefix of an id is enough where it fits one record only",
        arguments: [
            ("event/0192f0c1-a", "event/0192f0c1-a"), ("event/0192f0c1", "event/0192f0c1-a"),
            ("event/m", "event/motie:7%2F1"), ("event/motie:7%2F1", "event/motie:7%2F1"),
            ("event/e\u{301}", "event/e\u{301}cole"), ("event/say \"", "event/say \"hi\""),
            ("event/gone", "event/gone-1"), ("event/nobody", "event/nobody"), (korea, korea),
            ("trade/KOR/CHN/X/TOTAL/2024/motie", "trade/KOR/CHN/X/TOTAL/2024/motie"),
        ])
    func prefix(_ typed: String, _ expected: String) throws {
        let folder = try TestFolder()
        let mina = try events(folder)
        #expect(try mina.dataset.read { try $0.address(typed).text } == expected)
    }

    @Test(
        "what is no address, or could be several, is refused with what to do",
        arguments: [
            (
                "trade", #""trade" is no address of a record"#,
                "It is KIND/KEY, as in trade/KOR/CHN/X/TOTAL/2023/kosis or event/ID."
            ),
            (
                "event/%zz", #""event/%zz" is no address of a record"#,
                "It is KIND/KEY, as in trade/KOR/CHN/X/TOTAL/2023/kosis or event/ID."
            ),
            (
                "trad/KOR", #"There is no kind "trad""#,
                "Did you mean trade? The kinds are event, setting, trade."
            ),
            (
                "trade/KOR/CHN", "trade/KOR/CHN has 2 key parts; trade has 6",
                "Write trade/reporter/partner/flow/product/period/source, a / inside a part as %2F."
            ),
            (
                "event/motie:7/1", "event/motie:7/1 has 2 key parts; event has 1",
                "Write event/id, a / inside a part as %2F."
            ),
            (
                "event/0192", "event/0192 could be event/0192f0c1-a, event/0192f0c2-b",
                "Give more of the id."
            ),
        ])
    func refused(_ typed: String, _ message: String, _ hint: String) throws {
        let folder = try TestFolder()
        let mina = try events(folder)
        #expect(throws: StoreError(.badInput, message, hint: hint)) {
            try mina.dataset.read { try $0.address(typed) }
        }
    }

    @Test("a record of a kind that is not known is found by its whole address")
    func unknownKind() throws {
        let folder = try TestFolder()
        let new = try folder.copy("new", kinds: UnknownFieldTests.newer)
        try new.edit("tariff/1", .create)
        let old = try folder.copy("old", of: new)
        #expect(try old.dataset.read { try $0.address("tariff/1").text } == "tariff/1")
        #expect(throws: StoreError.self) { try old.dataset.read { try $0.address("tariff/2") } }
    }
}
