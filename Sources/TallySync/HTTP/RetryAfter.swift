import CCurl

/// The header with which a hub says when to come again (RFC 9110, section 10.2.3).
public enum RetryAfter {
    /// Milliseconds from now; nil where the header is absent or is neither seconds nor a date.
    ///
    /// A date is counted from the answer's own `Date` where it has one, so that a wrong clock on
    /// either side does no harm, else from `now` (seconds since 1970).
    public static func delayMs(_ headers: [HTTPHeader], now: Int) -> Int? {
        guard let text = headers["Retry-After"] else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) {
            let (delayMs, overflow) = (Int(text) ?? .max).multipliedReportingOverflow(by: 1000)
            return overflow ? .max : delayMs
        }
        guard let then = date(text) else { return nil }
        let from = headers["Date"].flatMap(date) ?? now
        return max(0, then - from) * 1000
    }

    /// Seconds since 1970, from any of the three forms of RFC 9110, section 5.6.7.
    private static func date(_ text: String) -> Int? {
        // libcurl's parser knows them all, whatever the locale:
        // https://curl.se/libcurl/c/curl_getdate.html
        let seconds = curl_getdate(text, nil)
        return seconds >= 0 ? Int(seconds) : nil
    }
}
