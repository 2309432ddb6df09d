/// How wide each column of a table becomes in the room there is.
///
/// Flexible columns give way, those of the lowest priority first. Within one priority all columns
/// get the same cap, the largest that makes the row fit, so that short columns stay whole and long
/// ones share the loss. When every flexible column is at its minimum the rest stays too wide.
///
/// - Complexity: O(priorities · columns · log of the widest column).
struct ColumnFit {
    /// Spaces between two columns.
    static let gap = 2

    let columns: [Table.Column]
    /// The widest text of each column, title included.
    let natural: [Int]
    let titles: [Int]

    func widths(within room: Int?) -> [Int] {
        var widths = natural
        guard let room else { return widths }
        let available = room - ColumnFit.gap * (columns.count - 1)
        let priorities = Set(columns.filter(\.isFlexible).map(\.priority)).sorted()
        for priority in priorities where widths.reduce(0, +) > available {
            let group = columns.indices.filter {
                columns[$0].isFlexible && columns[$0].priority == priority
            }
            shrink(group, of: &widths, to: available)
        }
        return widths
    }

    private func shrink(_ group: [Int], of widths: inout [Int], to available: Int) {
        let others = widths.indices.filter { !group.contains($0) }.reduce(0) { $0 + widths[$1] }
        func total(cap: Int) -> Int {
            group.reduce(others) { $0 + capped($1, cap) }
        }
        var low = 0
        var high = group.map { natural[$0] }.max() ?? 0
        while low < high {
            let middle = (low + high + 1) / 2
            if total(cap: middle) <= available { low = middle } else { high = middle - 1 }
        }
        for column in group { widths[column] = capped(column, low) }
        // What one more for everybody would have overdrawn goes to the first columns.
        var left = available - total(cap: low)
        for column in group where left > 0 && capped(column, low + 1) > widths[column] {
            widths[column] += 1
            left -= 1
        }
    }

    private func capped(_ column: Int, _ cap: Int) -> Int {
        min(natural[column], max(cap, columns[column].minimumWidth, titles[column]))
    }
}
