import Foundation
import StoreTestSupport
import TallyCore
import TallyStore
import TallySync
import TallyWire
import Testing

/// Bundles that were cut off, damaged or made up: refused whole, or read as what they were.
struct BundleDamageTests {
    private func stage() throws -> (stage: BundleStage, mina: Copy, path: String) {
        let stage = try BundleStage()
        let mina = try stage.folder.copy("mina")
        try mina.edit(korea, .figure(1))
        try mina.edit("event/1", .create)
        return (stage, mina, try stage.bundle("whole", of: mina))
    }

    @Test("at whatever byte it is cut off, it is refused")
    func cut() throws {
        let (stage, _, path) = try stage()
        let bytes = try stage.bytes(path)
        for count in 0..<bytes.count {
            let cut = try stage.write(Array(bytes.prefix(count)), to: "cut")
            let isKnown = BundleFile.isBundle(cut)
            #expect(isKnown == (count >= 4))
            let error = #expect(throws: SyncError.self, "\(count) bytes") { try BundleFile(cut) }
            #expect(error?.code == .damaged)
            #expect(
                error?.message
                    == (isKnown
                        ? "\(cut) is cut off: its end is missing" : "\(cut) is no Tally bundle"),
                "\(count) bytes")
        }
    }

    @Test("whatever byte is another one, it is refused, or it says the same")
    func damage() throws {
        let (stage, mina, path) = try stage()
        let jun = try stage.folder.copy("jun", id: mina.dataset.id)
        let (bytes, whole) = (try stage.bytes(path), try BundleFile(path))
        var refused = 0
        for index in bytes.indices {
            for change: UInt8 in [0x01, 0x80, 0xff] {
                var spoilt = bytes
                spoilt[index] ^= change
                let name = try stage.write(spoilt, to: "spoilt")
                do {
                    let found = try BundleFile(name)
                    #expect(found.header == whole.header, "byte \(index) ^ \(change)")
                } catch let error as SyncError {
                    refused += 1
                    #expect(
                        [.damaged, .newerFormat].contains(error.code), "byte \(index): \(error)")
                    #expect(throws: SyncError.self) { try stage.sync(jun, name) }
                }
            }
        }
        #expect(refused > 2 * bytes.count)
        #expect(try jun.dataset.read(\.heads).isEmpty)
        // More behind the end, and twice the same.
        for more in [[0], bytes] {
            let name = try stage.write(bytes + more, to: "longer")
            #expect(throws: SyncError.self) { try BundleFile(name) }
        }
    }

    @Test("a newer version is named, what is no bundle is called so")
    func others() throws {
        let (stage, _, path) = try stage()
        let lines = try stage.lines(of: path)
        for (old, new) in [(#""bundle":1"#, #""bundle":2"#), (#""format":1"#, #""format":9"#)] {
            let newer = [lines[0].replacing(old, with: new)] + lines.dropFirst()
            let name = try stage.write(lines: newer, to: "newer")
            let error = #expect(throws: SyncError.self) { try BundleFile(name) }
            #expect(error?.code == .newerFormat)
            #expect(error?.hint == "Nothing was changed. Install a newer version of Tally.")
        }
        for text in [["hello"], ["{}"], ["{\"bundle\":true}"], ["[1]"]] {
            let name = try stage.write(lines: text, to: "other")
            let error = #expect(throws: SyncError.self) { try BundleFile(name) }
            #expect(
                error?.message == "\(name) is no Tally bundle",
                "\(text)")
        }
    }

    @Test("a header that does not go together with itself or with the lines is refused")
    func headers() throws {
        let (stage, _, path) = try stage()
        let lines = try stage.lines(of: path)
        let header = try JSONValue(parsing: Array(lines[0].utf8))
        let heads = try #require(header["heads"]?.text)
        for (old, new) in [
            (#""count":2"#, #""count":1"#), (#""count":2"#, #""count":9007199254740991"#),
            (#""seq":2"#, #""seq":9007199254740991"#), (#""seq":2"#, #""seq":1"#),
            (#""since":{}"#, #""since":"# + heads),
            (#""since":{}"#, #""since":{"aaaaaaaaaaaaaaaa":{"seq":1,"hash":"00"}}"#),
            (#""heads":"#, #""hub":7,"heads":"#), (#""dataset":""#, #""dataset":"x"#),
        ] {
            let first = lines[0].replacing(old, with: new)
            try #require(first != lines[0], "\(old)")
            let name = try stage.write(lines: [first] + lines.dropFirst(), to: "made-up")
            let error = #expect(throws: SyncError.self, "\(new)") { try BundleFile(name) }
            #expect(error?.code == .damaged)
        }
        // What a newer version adds to the header is passed over; only the end tells that something is another.
        let more = lines[0].replacing(#""bundle":1"#, with: #""bundle":1,"mood":"good""#)
        let name = try stage.write(lines: [more] + lines.dropFirst(), to: "more")
        let error = #expect(throws: SyncError.self) { try BundleFile(name) }
        #expect(error?.message.hasSuffix("its last line is not of what stands before") == true)
    }

    @Test("a line that nobody signed so is not taken, though the bundle is whole")
    func forged() throws {
        let (stage, mina, path) = try stage()
        var lines = try stage.lines(of: path)
        lines[2] = lines[2].replacing(#""author":"mina""#, with: #""author":"mona""#)
        let forged = try stage.write(sealed: Array(lines.dropLast()), to: "forged")
        let jun = try stage.folder.copy("jun", id: mina.dataset.id)
        let outcome = try stage.sync(jun, forged)
        #expect(outcome.isHalted && outcome.pulled == 1)
        #expect(outcome.notices.first?.contains("stopped at a line that cannot be taken") == true)
        #expect(try stage.sync(jun, path).pulled == 1)
        #expect(try stage.sync(jun, path).isHalted == false)
    }

    @Test("a line longer than any changeset is not read into memory")
    func long() throws {
        let (stage, _, path) = try stage()
        let lines = try stage.lines(of: path)
        let long = String(repeating: "x", count: 5 << 20)
        let name = try stage.write(lines: [lines[0], long, lines[2], lines[3]], to: "long")
        let error = #expect(throws: SyncError.self) { try BundleFile(name) }
        #expect(error?.message == "\(name) is damaged: a line is too long")
    }
}
