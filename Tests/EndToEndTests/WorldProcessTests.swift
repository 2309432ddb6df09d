import Testing

// On other systems the signatures of one line differ from time to time.
#if os(Linux)
    /// The worlds of tally-simulate: a seed is all that it takes to see once more what broke a law.
    @Suite struct WorldProcessTests {
        /// What was told of each world; the last line of it says what its disks did.
        private func worlds(_ running: Running) -> [[Substring]] {
            let end = running.wait()
            #expect(end.status == 0, "\(end.errors)\(end.output.suffix(300))")
            var worlds: [[Substring]] = [[]]
            for line in end.output.split(separator: "\n") {
                worlds[worlds.count - 1].append(line)
                if line.hasPrefix("a digest of all that the disks did: ") { worlds.append([]) }
            }
            // The counts come last.
            return worlds.dropLast()
        }

        @Test(
            "a world is the same in another process, after other worlds and in another place, to the last byte"
        )
        func same() throws {
            let office = try Office()
            let mina = try office.analyst("mina", machine: "laptop")
            let jun = try office.analyst("jun-elsewhere", machine: "laptop")
            let all = try mina.start(
                Program.simulator.path, ["--seeds", "12", "--trace", "--folder", mina.folder])
            let some = try jun.start(
                Program.simulator.path,
                ["--first", "7", "--seeds", "6", "--trace", "--folder", jun.folder])
            let (first, second) = (worlds(all), worlds(some))
            #expect(first.count == 12)
            #expect(second.count == 6)
            for (index, (one, other)) in zip(first.dropFirst(6), second).enumerated() {
                let difference = zip(one, other).first { $0 != $1 }
                #expect(difference == nil, "world \(index + 7): \(difference ?? ("", ""))")
                #expect(one.count == other.count, "world \(index + 7)")
            }
            #expect(Set(first.compactMap(\.last)).count == 12)
        }
    }
#endif
