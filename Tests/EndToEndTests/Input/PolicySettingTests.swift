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
}
