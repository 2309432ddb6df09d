import TallyCore
import TallyStore

extension DatasetAccess {
    /// A filter for what the options `--author` and `--kind` say.
    ///
    /// - Throws: `Failure` for a kind that is not known here, in records neither.
    func filter(author: String?, kind: String?) throws -> ChangesetFilter {
        var filter = try filter(author: author)
        filter.kind = kind
        if let kind, kinds[kind] == nil, try changesets(.init(kind: kind), limit: 1).isEmpty {
            _ = try kinds.required(kind)
        }
        return filter
    }
}
