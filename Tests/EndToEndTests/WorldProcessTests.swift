import Testing

/// The worlds of tally-simulate: a seed is all that it takes to see once more what broke a law.
@Suite struct WorldProcessTests {
    @Test("two processes play the same worlds, to the last byte on the disks, wherever they play")
    func same() throws {
        let office = try Office()
        let running = try ["mina", "jun-beside-her"].map { name in
            let place = try office.analyst(name, machine: "laptop")
            return try place.start(
                Program.simulator.path, ["--seeds", "12", "--trace", "--folder", place.folder])
        }
        let ends = running.map { $0.wait() }
        for end in ends { #expect(end.status == 0, "\(end.errors)\(end.output.suffix(300))") }
        // The last line of each says what the disks did.
        let lines = ends[0].output.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("the disks did ") } == 12)
        #expect(ends[0].output == ends[1].output)
    }
}
