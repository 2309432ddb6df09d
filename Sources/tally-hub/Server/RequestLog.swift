import TallyCore
import TallyHub
import TallyWire

/// One line a request on stderr: time, method, path, status, bytes, milliseconds, member; never a token.
enum RequestLog {
    static func write(_ request: HubRequest, _ answer: HubAnswer, duration: Duration) {
        let microseconds =
            duration.components.seconds * 1_000_000
            + duration.components.attoseconds / 1_000_000_000_000
        let milliseconds = "\(microseconds / 1000).\(microseconds % 1000 / 100)"
        var line =
            "\(SystemClock.now.text) \(plain(request.method)) \(plain(request.path)) "
            + "\(answer.status) \(answer.byteCount) bytes \(milliseconds) ms "
            + (answer.member ?? "-")
        if let word = answer.word { line += " \(word.rawValue)" }
        if let note = answer.note { line += " (\(plain(note, limit: 500)))" }
        StandardStream.error.write(line + "\n")
    }

    /// What came from outside, fit for a terminal: printable ASCII, and not without end.
    private static func plain(_ text: String, limit: Int = 200) -> String {
        let text = AccessToken.masked(text)
        let bytes = text.utf8.prefix(limit).map { (0x20...0x7e).contains($0) ? $0 : 0x3f }
        return String(decoding: bytes, as: UTF8.self) + (text.utf8.count > limit ? "…" : "")
    }
}
