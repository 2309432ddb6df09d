import Foundation
import TallySimulator
import Testing

/// Writing calls that fail at any moment: no false "done", nothing acknowledged is lost, no fork.
@Suite(.enabled(if: FaultShim.isThere, FaultShim.whyNot), .timeLimit(.minutes(60)))
struct DiskFaultTests {
    @Test("an import on a failing disk is done, or says that it is not")
    func importFails() throws {
        let team = try Pair.inConflict()
        try survive(Ordeal(team.mina, partner: team.jun, "import", "new.csv"))
    }

    @Test("a set on a failing disk is done, or says that it is not")
    func setFails() throws {
        let team = try Pair(records: 0..<50)
        try survive(Ordeal(team.mina, partner: team.jun, "set", Workload.address(7), "value=12"))
    }

    @Test("a resolution on a failing disk is done, or says that it is not")
    func resolveFails() throws {
        let team = try Pair.inConflict()
        try survive(
            Ordeal(team.mina, partner: team.jun, "resolve", "--all", "--take", "author:jun"))
    }

    @Test("a pull onto a failing disk is done, or goes on with the next")
    func pullFails() throws {
        let team = try Pair.inConflict()
        try survive(Ordeal(team.mina, partner: team.jun, "sync", "--pull", team.jun.file))
    }

    @Test("a capture on a failing disk takes what another tool wrote, or says that it has not")
    func captureFails() throws {
        let team = try Pair.editedElsewhere()
        try survive(Ordeal(team.mina, partner: team.jun, "capture"))
    }

    @Test("what is saved onto a failing disk is whole, or is not there")
    func savingFails() throws {
        let team = try Pair(records: 0..<50)
        let mina = team.mina
        let command = ["-f", "korea.tally", "doctor", "--into", "saved.tally"]
        let saved = mina.folder + "/saved.tally"
        let calls = try Undisturbed(folder: mina.folder) { environment in
            try mina.start(command, environment: environment)
        }.calls
        // The last calls put the log in its place, and the file in its own.
        for call in max(1, calls - 20)...calls {
            try? FileManager.default.removeItem(atPath: saved)
            let end = try mina.tally(command, environment: FaultShim.environment(.eio(call)))
            if FileManager.default.fileExists(atPath: saved) {
                let verified = try mina.tally("-f", "saved.tally", "verify", "--json")
                #expect(verified.json["sound"] as? Bool == true, "eio:\(call): \(verified.errors)")
            } else {
                #expect(end.status == 74, "eio:\(call): \(end.errors)")
            }
        }
    }

    private func survive(_ ordeal: Ordeal) throws {
        try ordeal.surviveFaults(Effort.moments(6), "DiskFaultTests")
    }

    @Test("a hub on a failing disk acknowledges nothing that it does not keep")
    func hubFails() throws {
        let team = try Pair(records: 0..<100)
        let (office, mina, jun) = (team.office, team.mina, team.jun)
        try jun.must("remote", "add", "origin", team.meetAtHub())
        office.stopHub()
        try mina.must("set", Workload.address(0), "value=0")
        let calls = try Undisturbed(folder: office.folder) { environment in
            let hub = try office.startHub(environment: environment)
            try mina.must("sync")
            office.stopHub()
            return hub
        }.calls
        var chance = Chance()
        let count = Effort.moments(3)
        for index in 0..<count {
            let call = 1 + chance.generator.below(calls)
            let fault = [Fault.eio(call), .sick(call), .enospc(call)][index % 3]
            let context: Comment = "hub with \(fault.text): \(chance.replay("DiskFaultTests"))"
            try mina.must("set", Workload.address(index), "value=\(index + 7)")
            _ = try? office.startHub(environment: FaultShim.environment(fault))
            let end = try mina.tally("sync")
            #expect([0, 69].contains(end.status), "\(end.status) \(end.errors) \(context)")
            office.stopHub()

            try office.startHub()
            if end.status != 0 { try mina.must("sync") }
            try jun.must("sync", "--pull")
            #expect(try jun.export() == mina.export(), context)
            office.stopHub()
            let verified = try mina.tally("-f", office.folder + "/hub/korea.tally", "verify")
            #expect(verified.status == 0, "\(verified.errors) \(context)")
        }
        #expect(try mina.replicas().count == 1)
    }
}
