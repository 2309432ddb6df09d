import TallyCore

@testable import TallyWire

/// The keys of the fixtures' lines, with which a changed line is signed anew: otherwise all that lies behind the
/// signature would hardly ever be reached.
struct Signing {
    private let keys: [ReplicaKey]
    /// Of a replica that no fixture has.
    let stranger: ReplicaKey

    init() throws {
        // Those of SyncFixtures/lines, then those of SyncFixtures/exchanges.
        keys = try [0x11, 0x22, 0x33, 0x44, 1, 2, 3].map(Self.key)
        stranger = try Self.key(0x77)
    }

    private static func key(_ byte: UInt8) throws -> ReplicaKey {
        guard let key = ReplicaKey(seed: Array(repeating: byte, count: 32)) else {
            fail("32 bytes make a key")
        }
        return key
    }

    /// The line with a signature of the replica that it names, or of the first.
    func signed(_ line: [UInt8]) -> [UInt8] {
        var unsigned = line
        let tail = Array(#","sig":""#.utf8)
        if line.count > 96, line[(line.count - 96)...].starts(with: tail) {
            unsigned.removeLast(96)
            unsigned.append(UInt8(ascii: "}"))
        }
        if unsigned.last != UInt8(ascii: "}") { unsigned.append(UInt8(ascii: "}")) }
        let bytes = ChangesetWriter.sign(unsigned, with: keys[0]).bytes
        guard let replica = try? ChangesetLine(bytes).replica(),
            let key = (keys + [stranger]).first(where: { $0.replica == replica })
        else { return bytes }
        return ChangesetWriter.sign(unsigned, with: key).bytes
    }
}
