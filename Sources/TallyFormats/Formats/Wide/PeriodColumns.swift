import TallyCore
import TallyStore

/// The period of a row, from one column or two: a year and a month or quarter, or a day and how many days from there
/// (`10d`).
struct PeriodColumns {
    private enum Form {
        /// A column that is called a year holds years: `2009-10` is a fiscal year there.
        case one(Int, isYear: Bool)
        case yearAndMonth(Int, Int)
        case yearAndQuarter(Int, Int)
        case dayAndLength(Int, Int)
    }

    private let form: Form
    private let order: DateOrder?

    /// - Parameter isNamed: whether the user has named the column.
    init(
        _ header: TableHeader, _ column: Int?, isNamed: Bool, order: DateOrder?
    ) throws(FormatError) {
        self.order = order
        guard let column else {
            throw FormatError(
                "no column is known to hold the period", location: "row 1",
                hint: "Name it: --map period=COLUMN")
        }
        if isNamed {
            form = .one(column, isYear: false)
        } else if let year = header.index("year"), let month = header.index("month") {
            form = .yearAndMonth(year, month)
        } else if let year = header.index("year"),
            let quarter = header.index("quarter") ?? header.index("분기")
        {
            form = .yearAndQuarter(year, quarter)
        } else if let day = header.index("date"), let length = header.index("period"),
            header.first.count <= length || header.first[length].hasSuffix("d")
        {
            form = .dayAndLength(day, length)
        } else {
            let years = ["year", "년도", "연도", "년"]
            form = .one(column, isYear: years.contains(header.names[column].lowercased()))
        }
    }

    var columns: [Int] {
        switch form {
        case .one(let column, _): return [column]
        case .yearAndMonth(let a, let b), .yearAndQuarter(let a, let b),
            .dayAndLength(let a, let b):
            return [a, b]
        }
    }

    func read(_ cells: [String]) throws(InputFault) -> String {
        switch form {
        case .one(let column, let isYear):
            return try isYear
                ? year(cells[column])
                : PeriodCells.plain(cells[column], field: "period", order: order)
        case .yearAndMonth(let year, let month):
            let (year, month) = (try self.year(cells[year]), cells[month].trimmingSpaces)
            if month.isEmpty { throw Self.missing("month") }
            let isNumber = month.utf8.allSatisfy { (0x30...0x39).contains($0) }
            let padded = month.utf8.count == 1 ? "0" + month : month
            return try PeriodCells.plain(
                isNumber ? "\(year)-\(padded)" : "\(month) \(year)", field: "period")
        case .yearAndQuarter(let year, let quarter):
            let (year, quarter) = (try self.year(cells[year]), cells[quarter].trimmingSpaces)
            if quarter.isEmpty { throw Self.missing("quarter") }
            let number = quarter.hasPrefix("Q") ? String(quarter.dropFirst()) : quarter
            return try PeriodCells.plain("\(year)-Q\(number)", field: "period")
        case .dayAndLength(let day, let length):
            let first = try PeriodCells.plain(cells[day], field: "period", order: order)
            let text = cells[length].trimmingSpaces
            if text.isEmpty { return first }
            guard text.hasSuffix("d"), let days = Int(text.dropLast()), days > 0 else {
                throw InputFault(
                    field: "period",
                    "period \(Quoted.short(text)) is no number of days, as 10d")
            }
            return "\(first)/P\(days)D"
        }
    }

    private static func missing(_ name: String) -> InputFault {
        InputFault(
            field: "period", "the \(name) is missing",
            hint: "Where it is the figure of the whole year, have it in a file of its own.")
    }

    private func year(_ cell: String) throws(InputFault) -> String {
        let year = try PeriodCells.plain(cell, field: "period")
        guard year.utf8.count == 4 else {
            throw InputFault(
                field: "period",
                "\(Quoted.short(cell.trimmingSpaces)) stands where a year should",
                hint: "Where the column holds months or other periods, say so: --map period=COLUMN")
        }
        return year
    }
}
