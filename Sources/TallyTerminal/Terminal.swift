import Glibc

/// What standard output and standard error are connected to, and what may be done with them.
///
/// A plain value: the program asks once with ``current(environment:)`` and hands it on, tests make
/// any terminal they like.
public struct Terminal: Sendable, Equatable {
    /// Whether standard output is a terminal.
    public var isOutputTerminal: Bool
    /// Whether standard error is a terminal.
    public var isErrorTerminal: Bool
    /// Columns.
    public var width: Int
    /// Lines.
    public var height: Int
    /// Whether standard output may be coloured.
    public var colorsOutput: Bool
    /// Whether standard error may be coloured.
    public var colorsErrors: Bool
    /// Whether a line on standard error may be drawn over, as progress is.
    public var canRedraw: Bool

    /// What one descriptor is connected to.
    public struct Device: Sendable, Equatable {
        /// False for files, pipes and nothing.
        public var isTerminal: Bool
        /// As the device reports them (TIOCGWINSZ); nil where it does not know.
        public var columns: Int?
        /// Likewise.
        public var lines: Int?

        /// A device as it is described.
        public init(isTerminal: Bool, columns: Int? = nil, lines: Int? = nil) {
            self.isTerminal = isTerminal
            self.columns = columns
            self.lines = lines
        }

        /// A file, a pipe, nothing.
        public static let none = Device(isTerminal: false)

        /// What the open `descriptor` is connected to.
        public static func at(descriptor: Int32) -> Device {
            guard isatty(descriptor) == 1 else { return .none }
            var size = winsize()
            guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else {
                return Device(isTerminal: true)
            }
            return Device(
                isTerminal: true,
                columns: size.ws_col > 0 ? Int(size.ws_col) : nil,
                lines: size.ws_row > 0 ? Int(size.ws_row) : nil)
        }
    }

    /// Derives everything from two devices and the environment.
    ///
    /// Width: what the devices say, else `COLUMNS`, else 80; height likewise with `LINES`, else 24.
    /// Colour: only on a terminal, `TERM` is not `dumb`, and `NO_COLOR` is unset or empty
    /// (<https://no-color.org>).
    public init(
        output: Device, error: Device, environment: (_ name: String) -> String?
    ) {
        let isDumb = environment("TERM") == "dumb"
        let wantsColor = !isDumb && (environment("NO_COLOR") ?? "").isEmpty
        func size(_ reported: Int?, _ name: String, _ otherwise: Int) -> Int {
            if let reported { return reported }
            guard let value = environment(name).flatMap({ Int($0) }), value > 0 else {
                return otherwise
            }
            return value
        }
        isOutputTerminal = output.isTerminal
        isErrorTerminal = error.isTerminal
        width = size(output.columns ?? error.columns, "COLUMNS", 80)
        height = size(output.lines ?? error.lines, "LINES", 24)
        colorsOutput = output.isTerminal && wantsColor
        colorsErrors = error.isTerminal && wantsColor
        canRedraw = error.isTerminal && !isDumb
    }

    /// The terminal of this process, as it is now.
    public static func current(
        environment: (_ name: String) -> String? = Terminal.environment
    ) -> Terminal {
        Terminal(
            output: .at(descriptor: STDOUT_FILENO), error: .at(descriptor: STDERR_FILENO),
            environment: environment)
    }

    /// Neither stream is a terminal: nothing is cut, coloured or drawn over.
    public static let none = Terminal(output: .none, error: .none) { _ in nil }

    /// The value of a variable of this process's environment.
    public static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// The columns that text on standard output must fit into; nil where nothing is to be cut.
    public var outputWidth: Int? {
        isOutputTerminal ? width : nil
    }
}
