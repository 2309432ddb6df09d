import Foundation
import Testing

/// A policy that there is not is refused on every way into the dataset.
@Suite struct PolicySettingTests {
    @Test("add, set, edit, import, rename and config refuse a policy that there is not")
    func refused() throws {
        let mina = try Office().analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally", "--name", "korea")
        try mina.must("config", "policy", "trade.value=max")
        try mina.must("add", "setting", "name=policy.novel.x", "value=nonsense")
        try mina.write("name,value\npolicy.trade.value,nonsense\n", to: "settings.csv")
        try mina.write("#!/bin/sh\nsed -i 's/max/nonsense/' \"$1\"\n", to: "editor")
        #expect(chmod(mina.folder + "/editor", 0o755) == 0)
        let before = try mina.must("export", "--kind", "setting").output
        let setting = "setting/policy.trade.value"
        let commands: [[String]] = [
            ["add", "setting", "name=policy.trade.note", "value=nonsense"],
            ["set", setting, "value=nonsense"],
            ["set", "setting", "--where", "value = 'max'", "value=nonsense"],
            ["edit", setting],
            ["import", "settings.csv"],
            ["rename", "setting/policy.novel.x", "name=policy.trade.note"],
            ["config", "policy", "trade.value=nonsense"],
        ]
        for command in commands {
            let end = try mina.tally(command, environment: ["VISUAL": mina.folder + "/editor"])
            #expect(end.status == 65, "\(command): \(end.status)")
            #expect(end.errors.contains("There is no policy \"nonsense\""), "\(end.errors)")
        }
        #expect(try mina.must("export", "--kind", "setting").output == before)
    }

    @Test("a policy of a kind that is not known is kept, and said to settle nothing here")
    func unknownKind() throws {
        let mina = try Office().analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally", "--name", "korea")
        let note = "no kind trad here (did you mean trade?): it settles nothing in this copy\n"
        let added = try mina.must("add", "setting", "name=policy.trad.value", "value=max")
        #expect(added.errors == "setting/policy.trad.value: " + note)
        try mina.write("name,value\npolicy.trad.value,max\npolicy.evnt.date,min\n", to: "s.csv")
        let imported = try mina.must("import", "s.csv")
        #expect(
            imported.errors == "setting/policy.evnt.date: "
                + note.replacingOccurrences(of: "trade", with: "event")
                .replacingOccurrences(of: "trad ", with: "evnt "))
        #expect(try mina.must("import", "s.csv").errors == "")
        let set = try mina.must("set", "setting/policy.trad.value", "value=min", "--json")
        #expect(set.errors == "setting/policy.trad.value: " + note)
        let renamed = try mina.must("rename", "setting/policy.trad.value", "name=policy.trad.note")
        #expect(renamed.errors == "setting/policy.trad.note: " + note)
        #expect(
            try mina.must("export", "--kind", "setting").output.contains("policy.trad.note"))
        #expect(
            try mina.must("rename", "setting/policy.trad.note", "name=policy.trade.value").errors
                == "")
        let refused = try mina.tally("add", "setting", "name=Policy.trade.value", "value=max")
        #expect(refused.status == 65)
        #expect(
            refused.errors == """
                tally: "Policy.trade.value" is no name of a policy
                It is policy.KIND.FIELD, as in policy.trade.value.

                """)
    }
}
