import TallyStore
import TallySync

extension World {
    /// Plays one step; whatever goes wrong in it that must not is noted.
    func play(_ step: WorldStep) {
        guard !files.isEmpty else { return }
        trace("\(step)")
        counts.count("steps")
        counts.count("act:\(step.act.rawValue)")
        let index = step.copy % files.count
        var random = SeededGenerator(seed: step.seed)
        time.advance(byMs: random.pick([0, 1, 50, 60_000]))
        if step.seed % WorldStep.stepsAMonth == 0 { time.advance(byMs: WorldTime.monthMs) }
        do {
            try play(step, index, &random)
        } catch let violation as Violation {
            fail(violation.law, "\(step): \(violation.text)")
        } catch {
            fail("play", "\(step): \(error)")
        }
    }

    private func play(_ step: WorldStep, _ index: Int, _ random: inout SeededGenerator) throws {
        switch step.act {
        case .edit: edit(index, step, &random)
        case .delete: delete(index, step, &random)
        case .restore: restore(index, step, &random)
        case .resolve: resolve(index, step, &random)
        case .undo: undo(index, step, &random)
        case .rename: rename(index, step, &random)
        case .merge: merge(index, step, &random)
        case .importFile: importFile(index, step, &random)
        case .agreePolicy: agreePolicy(index, step, &random)
        case .otherTool: try useOtherTool(index, step, &random)
        case .sheet: useSheet(index, step, &random)
        case .capture: command(index, step) { try $0.capture(at: $1) }
        case .sync: sync(index, step, .both)
        case .pull: sync(index, step, .pull)
        case .push: sync(index, step, .push)
        case .syncFile: syncFile(index, step, &random)
        case .makeBundle: makeBundle(index, step, &random)
        case .syncBundle: syncBundle(index, step, &random)
        case .clone: try clone(index, step)
        case .backUp: try backUp(index, step, &random)
        case .restoreBackup: try restoreBackup(withHome: false, &random)
        case .restoreBackupAndHome: try restoreBackup(withHome: true, &random)
        case .restoreOwnBackup:
            if let own = backups.last(where: { $0.file.name == files[index].name }) {
                try restore(own, withHome: random.chance(percent: 60), &random)
            }
        case .restoreOverLog: try restoreOverLog(step, &random)
        case .copyFile: try copyFile(index, &random)
        case .moveFile: try moveFile(index, &random)
        case .loseHome: machines[files[index].machine].identities.contents = [:]
        case .setClock: setClock(index, &random)
        case .cutPower: try cutPower(index, &random)
        case .verify: verify(index, step)
        case .compact: compact(index, step)
        case .backUpHub: try backUpHub()
        case .restoreHub: try restoreHub(&random)
        case .wipeHub: wipeHub()
        case .replaceHub: try replaceHub()
        case .restartHub:
            if random.chance(percent: 50) {
                hub.disk.kill()
            } else {
                hub.disk.cutPower(seed: random.next())
            }
            restartHubIfStopped()
        case .removeMember: hub.remove(machines[files[index].machine].author, at: time)
        case .admitMember: admitAll()
        }
    }

    private func setClock(_ index: Int, _ random: inout SeededGenerator) {
        let clock = machines[files[index].machine].clock
        let before = clock.now
        clock.set(skewMs: random.pick(WorldGenerator.skewsMs))
        if clock.now != before {
            counts.count(clock.now < before ? "clocks set back" : "clocks set forward")
        }
    }

    func admitAll() {
        for machine in machines { hub.admit(machine.author, at: time, random) }
    }
}
