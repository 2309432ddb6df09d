/// Changes to sound bytes that an input of a fuzzer asks for.
///
/// With `isCut` they end at the place that the first three bytes name; then, for as long as there are any: three bytes
/// where, one how many (at most 31), these.
func patched(_ sound: [UInt8], isCut: Bool, _ input: ArraySlice<UInt8>) -> [UInt8] {
    var (bytes, rest) = (sound, input)
    func place() -> Int {
        defer { rest = rest.dropFirst(3) }
        return rest.prefix(3).reduce(0) { $0 << 8 | Int($1) } % max(1, bytes.count)
    }
    if isCut, rest.count >= 3 { bytes.removeLast(bytes.count - place()) }
    while rest.count >= 5 {
        let start = place()
        let count = Int(rest.removeFirst() & 31)
        for (index, byte) in rest.prefix(count).enumerated() where start + index < bytes.count {
            bytes[start + index] = byte
        }
        rest = rest.dropFirst(count)
    }
    return bytes
}
