import TallyCore
import TallyReports
import TallyStore
import TallyTerminal
import TallyWire

/// A hint as people read it: of the sides it is about, or of the figure where there are none.
enum HintText {
    static let title = "Worth a look:"

    /// `B is 12 x the value of 2022 (156,000,000,000)`
    static func of(_ hint: Hint) -> String {
        let figure = FigureText.grouped(hint.figure.amount)
        let subject = hint.sides.isEmpty ? figure : list(hint.sides)
        switch hint.finding {
        case .scale(let scale): return text(scale)
        case .jump(let jump): return "\(subject) \(verb(hint.sides)) \(text(jump))"
        case .sum(let sum): return "\(subject): \(text(sum))"
        case .mirror(let mirror): return "\(subject): \(text(mirror))"
        }
    }

    private static func text(_ scale: Hint.Scale) -> String {
        let what: String
        switch scale.factor {
        case 1e3: what = "thousands"
        case 1e6: what = "millions"
        default: what = "billions"
        }
        let about = scale.isExact ? "" : "about "
        return
            "\(list(scale.larger)) \(verb(scale.larger)) \(about)\(FigureText.times(scale.factor)) x "
            + "\(list(scale.smaller)): \(what) for units?"
    }

    private static func text(_ jump: Hint.Jump) -> String {
        let times =
            jump.ratio > 1
            ? "\(FigureText.times(jump.ratio)) x" : "1/\(FigureText.times(1 / jump.ratio)) of"
        return "\(times) the value of \(jump.period) "
            + "(\(FigureText.grouped(jump.neighbour.amount)))"
    }

    private static func text(_ sum: Hint.Sum) -> String {
        let parts =
            sum.isPart
            ? "with it the \(sum.parts.rawValue) of \(sum.year)" : "the \(sum.parts.rawValue)"
        let whole = sum.isPart ? ", the year is \(FigureText.grouped(sum.whole))" : ""
        return "\(parts) add up to \(FigureText.grouped(sum.total))\(whole): \(gap(sum.stake))"
    }

    private static func text(_ mirror: Hint.Mirror) -> String {
        let reported = FigureText.grouped(mirror.reported.amount)
        return
            "\(Printable.line(mirror.reporter)) reports \(reported) as \(Printable.line(mirror.flow)) "
            + "(\(Printable.line(mirror.source))): \(gap(mirror.stake))"
    }

    private static func gap(_ stake: ConflictStake) -> String { "a gap of \(StakeText.of(stake))" }

    private static func list(_ sides: [String]) -> String {
        guard let last = sides.last, sides.count > 1 else { return sides.joined() }
        return sides.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func verb(_ sides: [String]) -> String { sides.count > 1 ? "are" : "is" }

    /// Hints under what they are about, each on a line of its own or as many as it takes; nothing where there are none.
    static func block(_ hints: [Hint], on terminal: Terminal) -> String {
        guard !hints.isEmpty else { return "" }
        var table = Table([.text("", minimumWidth: 20, maximumLines: 4)], indent: 2)
        for hint in hints { table.append([Table.Cell(of(hint))]) }
        return title + "\n"
            + table.rendered(width: terminal.outputWidth, color: terminal.colorsOutput)
    }
}

extension Hint {
    /// `{hint, side, sides, text, …}` with the figures of each sort; `side` is null unless it is about one.
    var json: JSONValue {
        let figures: [JSONValue.Member]
        let word: String
        switch finding {
        case .scale(let scale):
            word = "scale"
            figures = [
                .init("factor", .number(scale.factor)),
                .init("larger", .array(scale.larger.map(JSONValue.string))),
                .init("smaller", .array(scale.smaller.map(JSONValue.string))),
            ]
        case .jump(let jump):
            word = "jump"
            figures = [
                .init("period", .string(jump.period)),
                .init("value", .number(jump.neighbour.amount)), .init("ratio", .number(jump.ratio)),
            ]
        case .sum(let sum):
            word = "sum"
            figures = [
                .init("parts", .string(sum.parts.rawValue)), .init("year", .string(sum.year)),
                .init("sum", .number(sum.total)), .init("value", .number(sum.whole)),
                .init("gap", sum.stake.json),
            ]
        case .mirror(let mirror):
            word = "mirror"
            figures = [
                .init("reporter", .string(mirror.reporter)), .init("flow", .string(mirror.flow)),
                .init("source", .string(mirror.source)),
                .init("value", .number(mirror.reported.amount)), .init("gap", mirror.stake.json),
            ]
        }
        return .object(
            [
                .init("hint", .string(word)),
                .init("side", sides.count == 1 ? .string(sides[0]) : .null),
                .init("sides", .array(sides.map(JSONValue.string))),
                .init("text", .string(HintText.of(self))),
            ] + figures)
    }
}
