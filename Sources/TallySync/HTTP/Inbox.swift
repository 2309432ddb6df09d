/// Where libcurl's callbacks put what comes in.
final class Inbox {
    private(set) var reader: ResponseReader

    init(_ reader: ResponseReader) {
        self.reader = reader
    }

    static func at(_ context: UnsafeMutableRawPointer?) -> Inbox {
        guard let context else { preconditionFailure("libcurl lost its callback's context") }
        return Unmanaged.fromOpaque(context).takeUnretainedValue()
    }

    /// Any other result than `count` ends the transfer:
    /// https://curl.se/libcurl/c/CURLOPT_WRITEFUNCTION.html
    func take(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
        _ body: (inout ResponseReader, UnsafeRawBufferPointer) -> Bool
    ) -> Int {
        let taken = body(&reader, UnsafeRawBufferPointer(start: bytes, count: count))
        return taken ? count : (count == 0 ? 1 : 0)
    }
}
