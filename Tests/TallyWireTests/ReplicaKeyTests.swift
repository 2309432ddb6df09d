import TallyCore
import TallySimulator
import TallyWire
import Testing

private func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

struct ReplicaKeyTests {
    /// RFC 8032 section 7.1, TEST 1 to 3: seed, public key, message, signature.
    private static let rfc8032 = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ]

    @Test("keys, signatures and their verification are those of RFC 8032", arguments: rfc8032)
    func vectors(seed: String, publicKey: String, message: String, signature: String) throws {
        let key = try #require(ReplicaKey(seed: bytes(seed)))
        #expect(key.seed == bytes(seed))
        #expect(key.publicKey.bytes == bytes(publicKey))
        #expect(key.publicKey.isValid(signature: bytes(signature), of: bytes(message)))
        #if !canImport(CryptoKit)
            #expect(key.signature(of: bytes(message)) == bytes(signature))
        #endif
        #expect(key.publicKey.isValid(signature: key.signature(of: [1]), of: [1]))
        #expect(!key.publicKey.isValid(signature: bytes(signature), of: bytes(message) + [0]))
    }

    @Test("a signature with one bit changed, or of another length, is not valid")
    func changed() throws {
        let key = try Samples.key()
        let signature = key.signature(of: [1, 2, 3])
        for index in signature.indices {
            var other = signature
            other[index] ^= 1 << UInt8(index % 8)
            #expect(!key.publicKey.isValid(signature: other, of: [1, 2, 3]), "byte \(index)")
        }
        for other in [[], Array(signature.dropLast()), signature + [0]] {
            #expect(
                !key.publicKey.isValid(signature: other, of: [1, 2, 3]), "\(other.count) bytes")
        }
    }

    @Test("a key has 32 bytes")
    func lengths() {
        for count in [0, 31, 33, 64] {
            #expect(ReplicaKey(seed: Array(repeating: 1, count: count)) == nil)
            #expect(ReplicaPublicKey(bytes: Array(repeating: 1, count: count)) == nil)
        }
    }

    @Test("a replica's id is the beginning of the base32 of its key's SHA-256")
    func ids() throws {
        let ids = try [0x11, 0x22, 0x33].map { try Samples.key($0).replica.text }
        #expect(ids == ["cc5gqlek2e2rhfy6", "cms3qugcq4mrn2xc", "nshymb635byhpjrk"])
        #expect(try Samples.key().publicKey.replica == Samples.key().replica)
    }

    @Test("a changeset's hash is the SHA-256 of its unsigned line")
    func hashes() throws {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(ChangesetHash(of: []).text == empty)
        #expect(ChangesetHash(of: Array("abc".utf8)).text == abc)
        #expect(ChangesetHash(abc) == ChangesetHash(of: Array("abc".utf8)))
        #expect(ChangesetHash(abc.uppercased()) == nil)
        #expect(ChangesetHash(abc.dropLast()) == nil && ChangesetHash(abc + "0") == nil)
        #expect(ChangesetHash("g" + abc.dropFirst()) == nil)
    }

    @Test("the id of a conflict is the beginning of the base32 of a SHA-256 over its JSON")
    func conflicts() {
        let record = RecordAddress(
            kind: "trade", key: RecordKey(["KOR", "CHN", "X", "TOTAL", "2023", "motie"]))
        // printf '["trade",["KOR","CHN","X","TOTAL","2023","motie"],"value"]' | sha256sum | xxd -r -p | base32
        #expect("\(ConflictID(of: record, statement: "value"))" == "7evirar6")
    }
}

struct Base64URLTests {
    @Test(
        "base64url is that of RFC 4648, without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, text: String) {
        #expect(String(decoding: Base64URL.encode(plain.utf8), as: UTF8.self) == text)
        #expect(Base64URL.decode(text.utf8) == Array(plain.utf8))
    }

    @Test("every length reads back, and uses - and _")
    func roundTrip() {
        var random = SeededGenerator(seed: 55)
        for count in 0..<100 {
            let bytes = (0..<count).map { _ in UInt8(random.below(256)) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes, "seed 55, \(count) bytes")
        }
        #expect(Base64URL.encode([0xfb, 0xff, 0xfe]) == Array("-__-".utf8))
    }

    @Test(
        "what another text also stands for is refused: spare bits, padding, other alphabets",
        arguments: [
            "Zh", "Zm9", "Zm8=", "Zg==", "=", "Z", "Zm9vY", "Zm 8", "Zm8\n", "+__-", "-//-", "Zmé",
        ])
    func refused(text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }

    @Test("of the 64 last characters of a signature 4 are taken: those whose spare bits are 0")
    func spareBits() {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        let head = String(repeating: "A", count: 85)
        let taken = alphabet.filter { Base64URL.decode((head + String($0)).utf8)?.count == 64 }
        #expect(taken == "AQgw")
    }
}
