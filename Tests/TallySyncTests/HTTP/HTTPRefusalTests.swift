import Testing

@testable import TallySync

/// What is refused before anything is sent, and what is never shown.
@Suite struct HTTPRefusalTests {
    @Test(
        "a header that would forge another is refused",
        arguments: ["a\r\nX-Evil: 1", "a\n", "a\rb", "a\0b", "a\u{7F}"])
    func headerValue(value: String) {
        let server = TestServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let error = failure(
            HTTPRequest(
                .get, server.url, headers: [HTTPHeader("Authorization", "Bearer \(value)")]))
        #expect(error?.code == .badHeader)
        #expect(
            error?.description
                == "The value of header Authorization holds a line break or control character. "
                + "A token is one line of printable characters: check $TALLY_TOKEN.")
        #expect(server.connections == 0)
    }

    @Test(
        "a header's name is a token, and not one that frames the message",
        arguments: [
            "", "X Y", "X:Y", "X\r\nY", "Ü", "Content-Length", "transfer-encoding", "X\0",
        ])
    func headerName(name: String) {
        let error = failure(
            HTTPRequest(.get, "http://127.0.0.1:1/", headers: [HTTPHeader(name, "1")]))
        #expect(error?.code == .badHeader)
        let shown = ["X\r\nY": "X??Y", "X\0": "X?"][name] ?? name
        #expect(error?.message == "\"\(shown)\" cannot be the name of a header.")
    }

    @Test(
        "an address must be http or https",
        arguments: [
            ("ftp://hub.test/x", "ftp://hub.test/x"), ("file:///etc/passwd", "file:///etc/passwd"),
            ("hub.test/v1", "hub.test/v1"), ("http:hub.test", "http:hub.test"), ("", ""),
            ("u:hunter2@h.test", "…@h.test"),
        ])
    func scheme(url: String, shown: String) {
        let error = failure(HTTPRequest(.get, url))
        #expect(error?.code == .badURL)
        #expect(
            error?.description
                == "\"\(shown)\" is not an address: it does not begin with https:// or http://. "
                + "An address looks like https://hub.example.org/v1/datasets/korea.")
    }

    @Test(
        "an address must be whole, and nothing that a terminal obeys",
        arguments: [
            ("https://", "https://"), ("HTTP://h.test:99999/", "HTTP://h.test:99999/"),
            ("http://h.test/a b", "http://h.test/a b"), ("http://h.test/\0", "http://h.test/?"),
            ("http://h.test/\u{1B}]0;x", "http://h.test/?]0;x"),
            ("http://[::1/", "http://[::1/"),
        ])
    func badURL(url: String, shown: String) {
        let error = failure(HTTPRequest(.get, url))
        #expect(error?.code == .badURL)
        #expect(error?.message.hasPrefix("\"\(shown)\" is not an address: ") == true)
    }

    @Test(
        "an address with a password is refused without showing it",
        arguments: [
            "https://mina:hunter2@hub.test:8443/v1", "https://hunter2@hub.test:8443/",
            "https://:hunter2@hub.test:8443/",
        ])
    func userInURL(url: String) {
        let error = failure(HTTPRequest(.get, url))
        #expect(error?.code == .badURL)
        #expect(
            error?.description == "The address of hub.test:8443 holds a user name or password, "
                + "which would be logged. Leave it out; a token is given with: tally login URL")
    }

    @Test("printing a request or its parts shows no token and no password")
    func printing() {
        let request = HTTPRequest(
            .post, "https://mina:hunter2@hub.test/v1",
            headers: [HTTPHeader("authorization", "Bearer tly_secret"), HTTPHeader("X-A", "1")],
            body: [1, 2, 3])
        #expect("\(request)" == "POST https://…@hub.test/v1, 3 bytes")
        #expect("\(request.headers)" == "[authorization: (not shown), X-A: 1]")
        var dumped = ""
        dump(request, to: &dumped)
        let all = dumped + String(reflecting: request) + String(reflecting: request.headers)
        #expect(!all.contains("hunter2") && !all.contains("tly_secret"), "\(all)")
    }

    @Test("an error that repeats a secret has it blotted out, whole and in part")
    func redaction() {
        let request = HTTPRequest(
            .get, "http://h.test",
            headers: [
                HTTPHeader("Authorization", "Bearer tly_secret"), HTTPHeader("Cookie", "a=1"),
            ])
        #expect(request.secrets == ["Bearer tly_secret", "tly_secret"])
        let error = HTTPError(
            .other, host: "h.test", message: "a tly_secret, Bearer tly_secret, tly_secre",
            location: "x?tly_secrettly_secret"
        ).redacting(request.secrets)
        #expect(error.message == "a (not shown), (not shown), tly_secre")
        #expect(error.location == "x?(not shown)(not shown)")
    }

    @Test("text from a hub cannot speak to the terminal, and has an end")
    func printable() {
        #expect(
            HTTPText.printable("a\u{1B}[2J\u{9B}b\u{202E}c\u{2028}d\te") == "a?[2J?b?c?d?e")
        #expect(HTTPText.printable(String(repeating: "ü", count: 300)).count == 201)
        #expect(HTTPText.printable("한국 ü") == "한국 ü")
    }
}
