import CCurl

/// The handles of libcurl, and setting their options.
///
/// A multi handle with one easy handle in it does what `curl_easy_perform` does, but waits where we
/// can end the waiting: the progress callback of a silent transfer is only called about once a second
/// (https://curl.se/libcurl/c/CURLOPT_XFERINFOFUNCTION.html). The multi handle also keeps the
/// connections from one request to the next.
///
/// - Note: Not `Sendable`, as libcurl's handles are not:
///   https://curl.se/libcurl/c/threadsafe.html
final class CurlHandle {
    /// How long an interruption may go unnoticed. A signal ends the waiting at once.
    private static let turnMs: CInt = 100

    /// Thread-safe as a `static let` is, whatever libcurl was built with:
    /// https://curl.se/libcurl/c/curl_global_init.html
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private let easy: UnsafeMutableRawPointer
    private let multi: UnsafeMutableRawPointer
    /// Where libcurl writes what went wrong; it must outlive the easy handle.
    private let detailBuffer: UnsafeMutablePointer<CChar>

    init() {
        guard CurlHandle.isReady, let easy = curl_easy_init(), let multi = curl_multi_init() else {
            fatalError("libcurl could not be set up")
        }
        self.easy = easy
        self.multi = multi
        detailBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        detailBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
        detailBuffer.deallocate()
    }

    /// Forgets all options, and keeps connections, names and TLS sessions.
    func reset() {
        curl_easy_reset(easy)
        detailBuffer[0] = 0
        setPointer(CURLOPT_ERRORBUFFER, detailBuffer)
    }

    /// Runs the transfer to its end; nil when it was interrupted.
    func perform(isInterrupted: () -> Bool) -> CURLcode? {
        let added = curl_multi_add_handle(multi, easy)
        precondition(added == CURLM_OK, "libcurl: \(String(cString: curl_multi_strerror(added)))")
        // Also what closes the connection of a transfer that did not end.
        defer { curl_multi_remove_handle(multi, easy) }
        var running: CInt = 1
        while true {
            guard curl_multi_perform(multi, &running) == CURLM_OK else { return CURLE_FAILED_INIT }
            if running == 0 { return finishedCode() }
            if isInterrupted() { return nil }
            // Also returns when there is something to do, as for a timeout of the transfer:
            // https://curl.se/libcurl/c/curl_multi_poll.html
            guard curl_multi_poll(multi, nil, 0, CurlHandle.turnMs, nil) == CURLM_OK else {
                return CURLE_FAILED_INIT
            }
        }
    }

    private func finishedCode() -> CURLcode {
        var left: CInt = 0
        while let message = curl_multi_info_read(multi, &left) {
            if message.pointee.msg == CURLMSG_DONE { return message.pointee.data.result }
        }
        return CURLE_FAILED_INIT
    }

    /// libcurl's words for what went wrong, without a full stop at the end.
    func detail(_ code: CURLcode) -> String {
        let detail = String(cString: detailBuffer)
        let text = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        let line = HTTPText.printable(text.last == "\n" ? String(text.dropLast()) : text)
        return line.last == "." ? String(line.dropLast()) : line
    }
}

// A refused option is our own mistake, or a lack of memory.
extension CurlHandle {
    func set(_ option: CURLoption, _ value: Int) {
        check(tally_curl_set_long(easy, option, value), "option \(option.rawValue)")
    }

    func setOffset(_ option: CURLoption, _ value: Int) {
        check(tally_curl_set_offset(easy, option, curl_off_t(value)), "option \(option.rawValue)")
    }

    func set(_ option: CURLoption, _ value: String) {
        check(tally_curl_set_string(easy, option, value), "option \(option.rawValue)")
    }

    /// What is pointed to must outlive the transfer.
    func setPointer(_ option: CURLoption, _ value: UnsafeRawPointer?) {
        check(tally_curl_set_pointer(easy, option, value), "option \(option.rawValue)")
    }

    func set(_ option: CURLoption, _ callback: @escaping tally_curl_bytes_callback) {
        check(tally_curl_set_callback(easy, option, callback), "option \(option.rawValue)")
    }

    func allowOnlyWeb() {
        check(tally_curl_allow_only_web(easy), "its protocols")
    }

    func leaveResolver() {
        check(tally_curl_leave_resolver(easy), "a quick exit")
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        return tally_curl_get_long(easy, info, &value) == CURLE_OK ? value : 0
    }

    func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return tally_curl_get_offset(easy, info, &value) == CURLE_OK ? Int(value) : 0
    }

    private func check(_ code: CURLcode, _ what: @autoclosure () -> String) {
        precondition(
            code == CURLE_OK,
            "libcurl refused \(what()): \(String(cString: curl_easy_strerror(code)))")
    }
}
