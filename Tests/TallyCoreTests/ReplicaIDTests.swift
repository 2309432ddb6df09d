import TallyCore
import TallySimulator
import Testing

struct ReplicaIDTests {
    @Test("an id is 16 characters of lower-case base32, and comes out as it went in")
    func roundTrip() throws {
        let id = try #require(ReplicaID("k3m5x2p7qa5dw4ye"))
        #expect(id.text == "k3m5x2p7qa5dw4ye")
        #expect(id.short == "k3m5x2")
        #expect("\(id)" == id.text)
        #expect(ReplicaID(utf8: Array("k3m5x2p7qa5dw4ye".utf8)) == id)
        #expect(ReplicaID("xk3m5x2p7qa5dw4ye".dropFirst()) == id)
    }

    @Test(
        "what is no id is refused",
        arguments: [
            "", "k3m9x2p7qa5dw4ye",
            "k3m5x2p7qa5dw4y", "k3m5x2p7qa5dw4yee", "K3m5x2p7qa5dw4ye", "k3m5x2p7qa5dw4y1",
            "k3m5x2p7qa5dw4y8", "k3m5x2p7qa5dw4y=", "k3m5x2p7qa5dw4yé", "k3m5x2p7qa5dw4y ",
        ])
    func refused(text: String) {
        #expect(ReplicaID(text) == nil)
    }

    @Test("ids are ordered as their texts are, byte by byte")
    func order() {
        var random = SeededGenerator(seed: 1)
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
        // Few distinct letters first, so that ids share long beginnings.
        for letters in [Array(alphabet.suffix(2)), alphabet] {
            for _ in 0..<500 {
                let texts = (0..<2).map { _ in
                    String((0..<16).map { _ in random.pick(letters) })
                }
                let ids = texts.compactMap { ReplicaID($0) }
                #expect(ids.map(\.text) == texts)
                #expect((ids[0] < ids[1]) == (texts[0] < texts[1]))
                #expect((ids[0] == ids[1]) == (texts[0] == texts[1]))
            }
        }
    }

    @Test("digits come before letters, as in ASCII")
    func digitsFirst() throws {
        let digit = try #require(ReplicaID("2aaaaaaaaaaaaaaa"))
        #expect(digit < ReplicaID(letter: "A"))
        #expect(ReplicaID(letter: "A") < ReplicaID(letter: "B"))
    }
}

struct RevisionTests {
    private let text = "k3m5x2p7qa5dw4ye"

    @Test("a revision is written replica:seq and reads back")
    func roundTrip() throws {
        let revision = try #require(Revision("\(text):8"))
        #expect(revision.seq == 8)
        #expect(revision.replica.text == text)
        #expect("\(revision)" == "\(text):8")
        #expect(revision.short == "k3m5x2:8")
        #expect(Revision("\(text):\(Revision.maximumSeq)")?.seq == 9_007_199_254_740_991)
    }

    @Test(
        "what is no revision is refused",
        arguments: [
            "", ":", "k3m5x2p7qa5dw4ye", "k3m5x2p7qa5dw4ye:", "k3m5x2p7qa5dw4ye:0",
            "k3m5x2p7qa5dw4ye:-1", "k3m5x2p7qa5dw4ye:+1", "k3m5x2p7qa5dw4ye:01",
            "k3m5x2p7qa5dw4ye:1.0", "k3m5x2p7qa5dw4ye:1e2", "k3m5x2p7qa5dw4ye: 1",
            "k3m5x2p7qa5dw4ye:9007199254740992", "k3m5x2p7qa5dw4ye:99999999999999999999",
            "k3m5x2p7qa5dw4ye:1:1", "k3m5x2:1", "k3m5x2p7qa5dw4ye:١",
        ])
    func refused(text: String) {
        #expect(Revision(text) == nil)
    }
}
