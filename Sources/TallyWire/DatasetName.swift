/// The name of a dataset at a hub: `[a-z0-9][a-z0-9-]{0,63}`.
public enum DatasetName {
    public static func isValid(_ name: String) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool {
            (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
        }
        guard let first = name.utf8.first, isPlain(first) else { return false }
        return name.utf8.count <= 64
            && name.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") }
    }
}
