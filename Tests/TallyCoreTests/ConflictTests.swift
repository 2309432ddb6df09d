import TallyCore
import TallySimulator
import Testing

struct ConflictTests {
    @Test(
        "what is hashed for the id of a conflict is [kind,[key…],statement] as compact JSON",
        arguments: [
            (
                RecordAddress(
                    kind: "trade",
                    key: RecordKey(["KOR", "CHN", "X", "TOTAL", "2021-05-01/P10D", "motie"])),
                "value",
                #"["trade",["KOR","CHN","X","TOTAL","2021-05-01/P10D","motie"],"value"]"#
            ),
            (
                RecordAddress(kind: "event", key: RecordKey(["motie:a\"b\\é"])), "-",
                #"["event",["motie:a\"b\\é"],"-"]"#
            ),
        ])
    func preimage(record: RecordAddress, statement: String, json: String) {
        #expect(ConflictID.preimage(record, statement: statement) == Array(json.utf8))
    }

    @Test("an id is the first 8 base32 characters of the hash")
    func id() {
        // So begins the SHA-256 of ["event",["1"],"-"].
        let digest: [UInt8] = [0xb9, 0xb4, 0x8c, 0x92, 0x9a, 0xbb, 0x00, 0xe7]
        let id = ConflictID(digest: digest)
        #expect(id.text == "xg2izeu2")
        #expect("\(id)" == id.text)
        #expect(ConflictID(digest: Array(digest.prefix(5))) == id)
        #expect(ConflictID(digest: [UInt8](repeating: 0, count: 32)) < id)
    }

    @Test("sides are lettered A to Z, then AA")
    func letters() {
        let table = [
            (0, "A"), (1, "B"), (25, "Z"), (26, "AA"), (27, "AB"), (51, "AZ"), (52, "BA"),
            (701, "ZZ"), (702, "AAA"),
        ]
        for (index, letter) in table { #expect(SideLetter.text(of: index) == letter) }
        #expect(Set((0..<2000).map(SideLetter.text)).count == 2000)
    }

    @Test("conflicts stand existence first, then by the statement's name")
    func order() throws {
        let (a, b) = (ReplicaID(letter: "a"), ReplicaID(letter: "b"))
        var state = RecordState()
        for replica in [a, b] {
            let author = Coverage(of: Revision(replica, 1), seen: RevisionVector())
            for name in ["note", "amount", "zeal"] {
                state.apply(.set(statement: name, value: [.text(replica.text)]), by: author)
            }
        }
        var seen = RevisionVector()
        seen.insert(Revision(a, 1))
        state.apply(
            .delete, by: Coverage(of: Revision(ReplicaID(letter: "c"), 1), seen: seen))
        let record = RecordAddress(kind: "figure", key: RecordKey(["1"]))
        let conflicts = state.conflicts(
            of: record, in: KindCatalog([]), policies: PolicyTable()
        ) { _ in Timestamp(milliseconds: 0) }
        #expect(conflicts.map(\.statement) == ["-", "amount", "note", "zeal"])
        #expect(conflicts.map(\.what) == [.deleteEdit, .addAdd, .addAdd, .addAdd])
        #expect(conflicts.map { $0.sides.map(\.letter) } == Array(repeating: ["A", "B"], count: 4))
        #expect(
            conflicts.first?.sides.map(\.content) == [.existence(.present), .existence(.deleted)])
    }
}
