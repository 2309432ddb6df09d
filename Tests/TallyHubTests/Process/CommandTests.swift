import TallyStore
import Testing

@Suite("Commands of tally-hub, their words and exit codes")
struct CommandTests {
    @Test(
        "each command's help has an example",
        arguments: [
            [], ["serve"], ["token", "create"], ["token", "list"], ["token", "revoke"],
        ])
    func help(_ command: [String]) throws {
        let result = try HubProcess.run(command + ["--help"])
        #expect(result.status == 0)
        #expect(result.output.contains("EXAMPLE\n  tally-hub "))
    }

    @Test("a token is the last word of its command, and the list tells what it is for")
    func tokens() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/hub"
        let made = try HubProcess.run([
            "token", "create", "--data", data, "--name", "mina", "--dataset", "korea",
            "--dataset", "asia", "--role", "writer",
        ])
        #expect(made.output.hasPrefix("Token for mina (writer of korea, asia): tally_"))
        #expect(made.output.split(separator: " ").last?.utf8.count == 50)
        let list = try HubProcess.run(["token", "list", "--data", data])
        let rows = list.output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(
            rows.map { $0[0...2].joined(separator: " ") } == [
                "NAME DATASET ROLE", "mina asia writer", "mina korea writer",
            ])
        #expect(!list.output.contains("tally_"))
        let part = try HubProcess.run([
            "token", "revoke", "--data", data, "--name", "mina", "--dataset", "asia",
        ])
        #expect(part.output == "Ended 1 token of mina for asia\n")
    }

    @Test("what fails says what, with which value, and what to do")
    func failures() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/hub"
        func expect(_ status: Int32, _ words: [String], _ arguments: [String]) throws {
            let result = try HubProcess.run(arguments)
            #expect(result.status == status, "\(arguments): \(result.errors)")
            for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
            #expect(result.output == "")
        }
        let serve = ["serve", "--data", data, "--port", "0"]
        try expect(
            64, ["--host 0.0.0.0", "--tls-certificate", "--behind-proxy"],
            serve + ["--host", "0.0.0.0"])
        try expect(64, ["go together"], serve + ["--tls-key", "x"])
        try expect(64, ["99999"], ["serve", "--data", data, "--port", "99999"])
        try expect(
            66, ["/none/cert"],
            serve + ["--tls-certificate", "/none/cert", "--tls-key", "/none/key"])
        let create = ["token", "create", "--data", data, "--name", "mina", "--dataset"]
        try expect(64, ["owner"], create + ["korea", "--role", "owner"])
        try expect(65, ["../x", "a-z"], create + ["../x", "--role", "reader"])
        try expect(66, ["hub.sqlite"], ["token", "list", "--data", folder.path + "/nothing"])
        #expect(try HubProcess.run(create + ["korea", "--role", "reader"]).status == 0)
        try expect(66, ["jun"], ["token", "revoke", "--data", data, "--name", "jun"])
        try FileBytes.replace(folder.path + "/file", with: [])
        try expect(73, ["file/hub"], ["serve", "--data", folder.path + "/file/hub"])
        try FileBytes.makeFolder(folder.path + "/other")
        try FileBytes.replace(
            folder.path + "/other/hub.sqlite",
            with: Array(
                "garbage, and more of it than a header has, so that it is read as one: it is not"
                    .utf8) + [UInt8](repeating: 0x78, count: 200))
        try expect(65, ["hub.sqlite"], ["token", "list", "--data", folder.path + "/other"])
    }

    @Test("a port that is taken is named, and can be tried again")
    func portTaken() throws {
        let hub = try HubProcess()
        let result = try HubProcess.run([
            "serve", "--data", hub.folder.path + "/second", "--port", String(hub.port),
        ])
        #expect(result.status == 75)
        #expect(result.errors.contains("127.0.0.1:\(hub.port)"))
    }
}
