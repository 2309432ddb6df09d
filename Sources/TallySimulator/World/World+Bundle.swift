import TallyCore
import TallyStore
import TallySync
import TallyWire

/// A bundle on a stick or in somebody's mail: as old as it is.
struct WorldBundle {
    let path: String
    let since: [ReplicaID: Head]
    /// Of its lines.
    let hashes: Set<ChangesetHash>
}

// What brings copies together that meet nowhere.
extension World {
    /// Of everything, or of what a remote, file or bundle was not known to hold.
    func makeBundle(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) {
        if bundles.count > 5 { bundles.removeFirst() }
        made += 1
        let path = "\(folder)/bundle\(made)"
        let (isOfEverything, choice) = (random.chance(percent: 40), random.below(1000))
        command(index, step) { dataset, _ in
            let known = try dataset.read { try $0.remotes() }.compactMap(\.vector)
            let since = isOfEverything || known.isEmpty ? nil : known[choice % known.count]
            let bundled = try dataset.bundle(since: since ?? RevisionVector(), to: path)
            guard let header = bundled?.header else { return counts.count("bundles of nothing") }
            var hashes: Set<ChangesetHash> = []
            try dataset.read { access in
                for (replica, head) in header.heads {
                    let first = (header.since[replica]?.seq ?? 0) + 1
                    for seq in first..<(head.seq + 1) {
                        hashes.insert(try access.info(of: Revision(replica, seq)).hash)
                    }
                }
            }
            guard hashes.count == header.count else {
                throw Violation("bundle", "of \(hashes.count) lines it counts \(header.count)")
            }
            bundles.append(WorldBundle(path: path, since: header.since, hashes: hashes))
            counts.count("bundles made")
        }
    }

    /// Takes one of the bundles in, of whomever and of whenever; some are cut off or damaged on their way.
    func syncBundle(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) {
        guard !bundles.isEmpty else { return }
        let bundle = random.pick(bundles)
        let spoilt = spoil(bundle, &random)
        let mayFail: (any Error) -> Bool = { error in
            switch (error as? SyncError)?.code {
            // The byte that is another may be one of its version.
            case .damaged, .newerFormat: spoilt != nil
            case .missing: true
            // Of two branches only the hub can tell which stands, and a bundle cannot be written anew.
            case .refused: !self.ledger.forks.isEmpty
            default: false
            }
        }
        command(index, step, mayFail: mayFail) { dataset, place in
            let (before, lacksBeginning) = try (
                dataset.allHashes(), dataset.read { try !$0.lacking(bundle.since).isEmpty }
            )
            do {
                let transport = BundleTransport(try BundleFile(spoilt ?? bundle.path))
                let outcome = try SyncDriver(
                    dataset, with: transport, as: remoteName(bundle.path), workplace: place
                ).run(.pull)
                try note(outcome, files[index].name, mayHalt: false)
            } catch let error as SyncError
                where [.damaged, .newerFormat, .missing].contains(error.code)
            {
                counts.count("bundles refused: \(error.code.rawValue)")
                try checkRefused(error, dataset, before, lacksBeginning: lacksBeginning)
                throw error
            }
            let missing = try bundle.hashes.subtracting(dataset.allHashes())
            guard missing.isEmpty, !lacksBeginning else {
                throw Violation(
                    "bundle", "it is taken, and \(missing.count) of its lines are not here")
            }
            counts.count("bundles taken")
        }
    }

    /// What is refused has changed nothing; what another tool wrote may have been taken.
    private func checkRefused(
        _ error: SyncError, _ dataset: Dataset, _ before: Set<ChangesetHash>, lacksBeginning: Bool
    ) throws {
        if error.code == .missing, !lacksBeginning {
            throw Violation("bundle", "what it goes on from is here: \(error)")
        }
        let new = try dataset.allHashes().subtracting(before)
        for line in try dataset.allLines().map({ try ChangesetLine($0) }) {
            guard try !new.contains(line.hash) || line.message() == Ledger.toolMessage else {
                throw Violation("bundle", "it was refused, and \(line.hash) was taken")
            }
        }
    }

    /// - Returns: the path of a copy that was cut off, or of which one byte is another; mostly none.
    private func spoil(_ bundle: WorldBundle, _ random: inout SeededGenerator) -> String? {
        guard random.chance(percent: 25),
            var bytes = try? FileBytes.read(bundle.path, limit: 1 << 30), bytes.count > 4
        else { return nil }
        if random.chance(percent: 50) {
            bytes.removeLast(1 + random.below(bytes.count - 1))
        } else {
            bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
        }
        made += 1
        let path = "\(folder)/spoilt\(made)"
        do {
            try FileBytes.replace(path, with: bytes)
            return path
        } catch { return nil }
    }
}
