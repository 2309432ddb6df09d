/// What one press of a key on a terminal says.
public enum Key: Sendable, Hashable {
    /// A printable character, upper and lower case apart.
    case character(Character)
    /// Return, on either part of the keyboard.
    case enter
    /// Without shift.
    case tab
    /// Shift and tab.
    case backTab
    /// Also Ctrl-H.
    case backspace
    /// Takes away what is under the cursor.
    case delete
    /// Alone, with nothing after it for 50 ms.
    case escape
    /// An arrow, with or without modifiers, as the three below.
    case up
    /// An arrow.
    case down
    /// An arrow.
    case left
    /// An arrow.
    case right
    /// To the start.
    case home
    /// To the end.
    case end
    /// A screen back.
    case pageUp
    /// A screen on.
    case pageDown
    /// Ctrl-C, or a signal that asks the program to stop.
    case interrupt
    /// Ctrl-D, or a terminal that went away. Stop reading.
    case endOfInput
    /// Any other Ctrl and letter, in lower case.
    case control(Character)
    /// No key: the program was continued after a stop, or the window changed. Draw again.
    case redraw
    /// A key that means nothing here: function keys, Alt and a letter.
    case unknown
}
