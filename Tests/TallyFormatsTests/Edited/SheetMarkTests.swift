import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire
import Testing

@testable import TallyFormats

/// The column by which a sheet says what it was exported from.
struct SheetMarkTests {
    @Test("a mark is read as it was written, and nothing else is")
    func roundTrip() throws {
        let mark = SheetMark(
            kind: "trade", dataset: try wanted(DatasetID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")),
            isWhole: false, count: 12,
            vector: try wanted(RevisionVector("b7c2aaaaaaaaaaaa:3,k3m7x2p7qa5dw4ye:7")),
            fingerprint: "abcdefgh")
        #expect(try SheetMark(mark.text) == mark)
        #expect(!mark.text.contains { ",;\"\t ".contains($0) })
        for index in mark.text.indices {
            var damaged = mark.text
            damaged.remove(at: index)
            #expect(throws: FormatError.self, "\(damaged)") { try SheetMark(damaged) }
        }
        #expect(throws: FormatError.self) { try SheetMark(mark.text.uppercased()) }
        #expect(SheetMark.isMeant(mark.text.replacing("/", with: ".")))
        #expect(!SheetMark.isMeant("value"))
    }

    @Test("a mark whose numbers none can be is damaged, though its check is right")
    func crafted() throws {
        let dataset = try wanted(DatasetID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"))
        let vector = try wanted(RevisionVector("b7c2aaaaaaaaaaaa:3,k3m7x2p7qa5dw4ye:7"))
        func text(_ count: Int) -> String {
            SheetMark(
                kind: "trade", dataset: dataset, isWhole: true, count: count, vector: vector,
                fingerprint: "abcdefgh"
            ).text
        }
        func crafted(_ part: String, _ other: String) -> String {
            let parts = text(12).replacing(part, with: other).split(separator: "/").dropLast()
            let hash = ChangesetHash(of: Array(parts.joined(separator: "/").utf8))
            return parts.joined(separator: "/") + "/" + Base32.encode(hash.bytes).prefix(8)
        }
        #expect(try SheetMark(text(0)).count == 0)
        #expect(try SheetMark(crafted("trade", "event")).kind == "event")
        for count in [Int.min, -1, .max] {
            #expect(throws: FormatError.self, "\(count)") { try SheetMark(text(count)) }
        }
        for (part, other) in [
            ("/all/", "/most/"), ("/12/", "/99999999999999999999/"), (".3/", ".0/"),
            (".3/", ".-3/"), (".7/", ".9007199254740992/"),
            ("k3m7x2p7qa5dw4ye", "b7c2aaaaaaaaaaaa"),
        ] {
            #expect(throws: FormatError.self, "\(other)") { try SheetMark(crafted(part, other)) }
        }
    }

    @Test("addresses outlive another encoding")
    func addresses() throws {
        let address = RecordAddress(kind: "event", key: RecordKey(["mofa:방문/1,2;\"3\" 50%"]))
        let text = SheetAddress.text(address)
        #expect(text.utf8.allSatisfy { (0x21..<0x7f).contains($0) })
        #expect(RecordAddress(text) == address)
    }

    private func refusal(_ copy: Copy, _ text: String) -> String {
        do {
            _ = try copy.bringing(back: text)
            return "taken"
        } catch let error as FormatError {
            return "\(error.message) | \(error.hint ?? "")"
        } catch { return "\(error)" }
    }

    @Test("a sheet that says nothing here is refused")
    func refusals() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let jun = try folder.copy("jun", of: mina)
        try mina.edit(korea, .figure(1))
        let sheet = try mina.sheet("trade")
        #expect(try mina.bringing(back: sheet).unchanged == 1)
        #expect(refusal(jun, sheet).contains("is not here yet | Fetch it first: tally sync"))
        let other = try folder.copy("other")
        #expect(refusal(other, sheet).hasPrefix("the file was exported from another dataset, "))
        let column = try #require(sheet.split(separator: ",").first { $0.hasPrefix("tally/") })
            .split(separator: "\r\n")[0]
        #expect(
            refusal(mina, sheet.replacing(column, with: "mark"))
                .hasPrefix("the file does not say what it was exported from"))
        #expect(
            refusal(mina, sheet.replacing(column, with: column.dropLast()))
                .hasPrefix("the mark of what was exported is damaged"))
        #expect(
            refusal(mina, sheet.replacing("tally/1/", with: "tally/2/"))
                == "the file was exported by a newer version of tally | Update tally.")
        #expect(
            refusal(mina, sheet.replacing("\u{feff}", with: "ï»¿"))
                .hasPrefix("a program has read the file in another encoding than UTF-8"))
        #expect(throws: FormatError.self) { try mina.importing(sheet) }
    }
}
