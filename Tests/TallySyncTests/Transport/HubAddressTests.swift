import TallySync
import Testing

struct HubAddressTests {
    @Test(
        "an address names a dataset at a hub",
        arguments: [
            ("https://hub.example/korea", "https://hub.example", "korea"),
            ("https://hub.example/korea/", "https://hub.example", "korea"),
            ("https://hub.example/v1/datasets/korea", "https://hub.example", "korea"),
            ("http://localhost:8080/korea-2023", "http://localhost:8080", "korea-2023"),
            ("http://[::1]:8080/korea", "http://[::1]:8080", "korea"),
            ("https://example.org/tally/korea", "https://example.org/tally", "korea"),
            ("https://example.org/tally/v1/datasets/korea", "https://example.org/tally", "korea"),
            ("HTTPS://hub.example/korea", "https://hub.example", "korea"),
            ("https://hub.example/0", "https://hub.example", "0"),
        ])
    func addresses(_ text: String, _ base: String, _ name: String) throws {
        let address = try #require(HubAddress(text))
        #expect(address.base == base && address.datasetName == name)
        #expect(address.text == "\(base)/\(name)")
        #expect(HubAddress(address.text) == address)
    }

    @Test(
        "what is no such address is none",
        arguments: [
            "", "korea", "korea.tally", "../mina.tally", "/srv/korea.tally", "file:///srv/korea",
            "ftp://hub.example/korea", "https://", "https://korea", "https:///korea",
            "https://hub.example/", "https://hub.example/Korea", "https://hub.example/a_b",
            "https://hub.example/-a", "https://hub.example/korea?x=1",
            "https://hub.example/korea#x",
            "https://hub.example/ko rea",
            "https://hub.example/\(String(repeating: "a", count: 65))",
            "https:///v1/datasets/korea", "https://mina@hub.example/korea",
            "https://mina:secret@hub.example/v1/datasets/korea",
        ])
    func none(_ text: String) {
        #expect(HubAddress(text) == nil)
    }

    @Test(
        "a token is for the origin, whatever the dataset",
        arguments: [
            ("https://hub.example/korea", "https://hub.example"),
            ("https://hub.example:8443/a/b?c", "https://hub.example:8443"),
            ("https://hub.example", "https://hub.example"),
            ("Https://hub.example", "https://hub.example"), ("https://", nil), ("hub.example", nil),
            ("https://mina@hub.example/korea", nil),
        ] as [(String, String?)])
    func origin(_ text: String, _ origin: String?) {
        #expect(HubAddress.origin(of: text) == origin)
        if let address = HubAddress(text) { #expect(address.origin == origin) }
    }
}
