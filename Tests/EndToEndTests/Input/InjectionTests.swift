import Foundation
import Testing

/// SQL and paths where names and values are expected: taken for what they are, or refused; never run.
@Suite struct InjectionTests {
    private static let sql = "'; DROP TABLE trade; --"

    private func analyst() throws -> Analyst {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally", "--name", "korea")
        try mina.write(Workload.csv(Array(0..<3), Workload.value), to: "base.csv")
        try mina.must("import", "base.csv")
        return mina
    }

    @Test("SQL in a value, a message, an author and an id is text")
    func values() throws {
        let mina = try analyst()
        let id = "src:\(Self.sql)"
        let added = try mina.tally(
            "add", "event", "date=2023", "title=\(Self.sql)", "actors=\(Self.sql)", "id=\(id)",
            "-m",
            Self.sql, environment: ["TALLY_AUTHOR": Self.sql, "TALLY_MACHINE": Self.sql])
        #expect(added.status == 0, "\(added.errors)")
        #expect(try mina.must("show", "event/\(id)").output.contains("title   \(Self.sql)"))
        #expect(try mina.must("log").output.contains("\(Self.sql)@\(Self.sql)"))
        try mina.must("delete", "event/\(id)")
        try mina.must("restore", "event/\(id)")
        try mina.must("init", "new.tally", "--name", Self.sql)
        #expect(try mina.must("-f", "new.tally", "status").output.hasPrefix(Self.sql))
        #expect(try mina.export().split(separator: "\n").count == 4)
        try mina.must("-f", "korea.tally", "verify")
    }

    @Test("SQL in a name or a condition is refused and changes nothing")
    func names() throws {
        let mina = try analyst()
        let before = try mina.export()
        let commands: [[String]] = [
            ["list", Self.sql], ["list", "tally_log"], ["list", "sqlite_master"],
            ["add", Self.sql, "a=b"], ["show", "\(Self.sql)/x"], ["show", "trade/\(Self.sql)"],
            ["export", "--kind", Self.sql], ["codes", Self.sql], ["conflicts", Self.sql],
            ["resolve", Self.sql, "--take", "A"], ["config", "policy", "trade.\(Self.sql)=max"],
            ["set", Workload.address(0), "\(Self.sql)=1"], ["remote", "add", Self.sql, "x.tally"],
            ["list", "trade", "--where", "1); DROP TABLE trade; --"],
            ["list", "trade", "--where", "1; DROP TABLE trade"],
            ["list", "trade", "--where", "writefile('out', 'x')"],
            ["list", "trade", "--where", "load_extension('x')"],
            ["export", "--kind", "trade", "--where", "1); DELETE FROM trade; --"],
        ]
        for command in commands {
            let end = try mina.tally(command)
            #expect([64, 65, 66].contains(end.status), "\(command): \(end.status) \(end.errors)")
            #expect(!end.errors.contains("Database."), "\(command): \(end.errors)")
        }
        #expect(try mina.export() == before)
        #expect(try mina.must("log", "--json").output.contains("import base.csv"))
        try mina.must("verify")
    }

    @Test(
        "what a condition comes to when it is evaluated is bad input, told without our own SQL",
        arguments: [
            "zeroblob(2000000000)", "abs(-9223372036854775808)", "json('{')",
        ])
    func evaluation(condition: String) throws {
        let mina = try analyst()
        let before = try mina.export()
        let commands: [[String]] = [
            ["list", "trade", "--where", condition],
            ["export", "--kind", "trade", "--where", condition],
            ["set", "trade", "--where", condition, "note=x"],
            ["set", "trade", "--where", condition, "note=x", "--dry-run"],
        ]
        for command in commands {
            let end = try mina.tally(command)
            #expect(end.status == 65 && end.output.isEmpty, "\(command): \(end.status)")
            #expect(end.errors.hasPrefix("tally: --where: SQL"), "\(end.errors)")
            #expect(!end.errors.contains("SELECT"), "\(end.errors)")
        }
        #expect(try mina.export() == before)
    }

    @Test(
        "a parameter stands for no value, in a condition or a query: it is refused, not taken for NULL",
        arguments: ["?", "?1", ":a", "@x", "$y"])
    func parameters(name: String) throws {
        let mina = try analyst()
        let before = try mina.export()
        let condition = "value > 0 OR \(name) IS NULL"
        let commands: [[String]] = [
            ["list", "trade", "--where", condition],
            ["export", "--kind", "trade", "--where", condition],
            ["set", "trade", "--where", condition, "note=x"],
            ["set", "trade", "--where", condition, "note=x", "--dry-run"],
            ["query", "SELECT count(*) FROM trade WHERE \(condition)"],
        ]
        for command in commands {
            let end = try mina.tally(command)
            #expect(end.status == 65 && end.output.isEmpty, "\(command): \(end.output)")
            let said =
                command[0] == "query"
                ? "tally: The query has a parameter, and there is no value for it\n"
                : "tally: --where: SQL: \(name.prefix(1)) stands for a value that is given elsewhere"
            #expect(end.errors.hasPrefix(said), "\(command): \(end.errors)")
        }
        #expect(try mina.export() == before)
        #expect(
            try mina.must("query", "SELECT ':a ?1 @x $y' AS t").output.hasSuffix(":a ?1 @x $y\n"))
    }

    @Test(
        "a query that would write, attach, load or read a file does not",
        arguments: [
            "ATTACH DATABASE 'out' AS a", "VACUUM INTO 'out'", "VACUUM", "REINDEX", "ANALYZE",
            "SELECT load_extension('x')", "SELECT writefile('out', 'x')",
            "SELECT readfile('base.csv')", "SELECT 1; DROP TABLE trade",
            "CREATE TEMP TABLE t(x)", "BEGIN IMMEDIATE", "COMMIT",
            "INSERT INTO event (id) VALUES ('x') RETURNING 1",
            "UPDATE trade SET value = 0 RETURNING 1",
            "PRAGMA user_version = 7", "PRAGMA application_id = 1", "PRAGMA journal_mode = DELETE",
            "PRAGMA query_only = 0", "PRAGMA writable_schema = 1",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "PRAGMA synchronous = 0", "PRAGMA temp_store_directory = '.'",
        ])
    func queries(sql: String) throws {
        let mina = try analyst()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: mina.file))
        let names = try FileManager.default.contentsOfDirectory(atPath: mina.folder)
            .filter { !$0.hasPrefix(".run-") }.sorted()
        let end = try mina.tally("query", sql)
        #expect(end.status == 65, "\(end.output)")
        #expect(!end.errors.contains("Database."), "\(end.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: mina.file)) == bytes)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: mina.folder)
                .filter { !$0.hasPrefix(".run-") }.sorted() == names)
    }

    @Test(
        "a path where the name of a dataset stands is no name",
        arguments: [
            "../x", "..%2fx", "%00", "korea%00", "/etc/x", ".", "..", "Korea", "kor ea", "-korea",
            String(repeating: "a", count: 65),
        ])
    func datasetNames(name: String) throws {
        let mina = try analyst()
        let office = mina.office
        let made = try mina.run(
            Program.hub.path,
            [
                "token", "create", "--data", office.folder + "/hub", "--name", "mina",
                "--dataset=\(name)",
                "--role", "admin",
            ])
        #expect(made.status == 65, "\(made.errors)")
        let url = "http://127.0.0.1:9/\(name)"
        let commands = [
            ["publish", url], ["sync", url], ["remote", "add", "hub", url],
            ["clone", url, "new.tally"],
        ]
        for command in commands where name != "../x" && name != "/etc/x" {
            let end = try mina.tally(command)
            #expect(end.status == 64, "\(command): \(end.status) \(end.errors)")
        }
        #expect(try mina.must("remote", "list", "--json").json["remotes"] as? [String] == [])
        #expect(!FileManager.default.fileExists(atPath: mina.folder + "/new.tally"))
    }
}
