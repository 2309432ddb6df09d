import Foundation
import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// One file opened more than once.
struct OpenFileTests {
    #if os(Linux)
        /// How many locks of POSIX this process holds on a file.
        private func locks(on path: String) throws -> Int {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let inode = try #require((attributes[.systemFileNumber] as? NSNumber)?.uint64Value)
            let text = try String(contentsOfFile: "/proc/locks", encoding: .utf8)
            return text.split(separator: "\n").count {
                $0.contains("POSIX") && $0.contains(":\(inode) ")
            }
        }

        @Test("opening a file again does not drop the locks under which it is open")
        func locks() throws {
            let folder = try TestFolder()
            let mina = try folder.copy("mina")
            try mina.edit(korea, .figure(1))
            let path = mina.dataset.path
            let before = try locks(on: path)
            #expect(before > 0)
            let second = try Dataset.open(path: path)
            #expect(try locks(on: path) >= before)
            #expect(try second.read { try $0.counts() }.last?.count == 1)
            second.close()
            #expect(try locks(on: path) >= before)
            mina.dataset.close()
            #expect(try locks(on: path) == 0)
        }
    #endif

    @Test("a file that was put in the place of an open one is looked at anew")
    func replaced() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let path = mina.dataset.path
        try FileManager.default.removeItem(atPath: path)
        try Data("other".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: StoreError.self) { try Dataset.open(path: path) }
        #expect(error?.code == .notADataset)
    }
}
