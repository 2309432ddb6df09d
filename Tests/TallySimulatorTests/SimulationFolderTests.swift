import Foundation
import TallySimulator
import TallyStore
import Testing

/// Where worlds are played: in a folder of nobody else's, which goes with all that is in it and nothing beside it.
struct SimulationFolderTests {
    @Test("the folder is new and for nobody else")
    func new() throws {
        let folders = [try SimulationFolder(), try SimulationFolder()]
        defer { for folder in folders { folder.remove() } }
        #expect(folders[0].path != folders[1].path)
        let attributes = try FileManager.default.attributesOfItem(atPath: folders[0].path)
        #expect(attributes[.posixPermissions] as? Int == 0o700)
    }

    @Test("what a link leads to stays when the folder is removed")
    func link() throws {
        let outside = try SimulationFolder()
        defer { outside.remove() }
        let file = "\(outside.path)/kept"
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        let folder = try SimulationFolder()
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/a/b", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/a/b/link", withDestinationPath: outside.path)
        folder.remove()
        #expect(!FileManager.default.fileExists(atPath: folder.path))
        #expect(FileManager.default.fileExists(atPath: file))
    }

    @Test("a world takes no folder that is there, nor a link of its name")
    func taken() throws {
        let folder = try SimulationFolder()
        defer { folder.remove() }
        let link = "\(folder.path)/link"
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: "\(folder.path)/elsewhere")
        for path in [folder.path, link] {
            let error = #expect(throws: StoreError.self) {
                try Simulation.run(WorldGenerator.plan(seed: 1), folder: path)
            }
            #expect(
                error?.description == "The folder \(path) cannot be made: File exists. "
                    + "Check the path and its permissions.")
        }
    }
}
