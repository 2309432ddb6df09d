/// The fewest of these that still fail, by leaving out ever smaller runs of them.
///
/// - Complexity: O(items²) trials.
func shrunk<Item>(_ items: [Item], while fails: ([Item]) -> Bool) -> [Item] {
    var result = items
    var width = max(1, items.count / 2)
    while true {
        var end = result.count
        while end > 0 {
            let start = max(0, end - width)
            var candidate = result
            candidate.removeSubrange(start..<end)
            if fails(candidate) { result = candidate }
            end = min(start, result.count)
        }
        if width == 1 { return result }
        width /= 2
    }
}
