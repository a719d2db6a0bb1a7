namespace Slipway.Inference.Repository.TextFormat;

/// <summary>
/// Reads protobuf text format into a tree, without knowing any message: https://protobuf.dev/reference/protobuf/textformat-spec/. Both
/// <c>key { … }</c> and <c>key: { … }</c>, lists in brackets, strings in either quote and in pieces, separators <c>,</c> and <c>;</c>.
/// </summary>
internal sealed class TextFormatParser
{
    /// <summary>Most characters of a file.</summary>
    public const int MaxLength = 4 << 20;

    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 64;

    /// <summary>Most fields of a file.</summary>
    public const int MaxFields = 200_000;

    private readonly TextTokenizer _tokens;
    private TextToken _next;
    private int _fields;

    private TextFormatParser(string text)
    {
        _tokens = new TextTokenizer(text);
        _next = _tokens.Next();
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="TextFormatException">The text is no such thing, or passes a limit.</exception>
    public static TextMessage Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new TextFormatException($"more than {MaxLength} characters");
        }

        return new TextFormatParser(text).ReadMessage(null, 0);
    }

    private TextMessage ReadMessage(char? end, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Unexpected($"nested more than {MaxDepth} deep");
        }

        (int line, int column) = (_next.Line, _next.Column);
        List<TextField> fields = [];
        while (true)
        {
            if (_next.Kind == TextTokenKind.End)
            {
                return end is null ? new TextMessage(fields, line, column) : throw Unexpected($"'{end}' is expected");
            }

            if (end is { } closing && _next.Is(closing))
            {
                Take();
                return new TextMessage(fields, line, column);
            }

            ReadField(fields, depth);
            if (_next.Is(',') || _next.Is(';'))
            {
                Take();
            }
        }
    }

    private void ReadField(List<TextField> fields, int depth)
    {
        TextToken name = _next;
        string text = ReadName();
        bool colon = _next.Is(':');
        if (colon)
        {
            Take();
        }

        if (_next.Is('['))
        {
            ReadList(fields, text, name, depth);
            return;
        }

        bool isMessage = _next.Is('{') || _next.Is('<');
        Add(fields, text, name, colon || isMessage ? ReadValue(depth) : throw Unexpected($"':' is expected after '{text}'"));
    }

    private void ReadList(List<TextField> fields, string text, TextToken name, int depth)
    {
        Take();
        if (_next.Is(']'))
        {
            Take();
            return;
        }

        while (true)
        {
            Add(fields, text, name, ReadValue(depth));
            TextToken separator = Take();
            if (separator.Is(']'))
            {
                return;
            }

            if (!separator.Is(','))
            {
                throw new TextFormatException($"',' or ']' is expected, not {separator}", separator.Line, separator.Column);
            }
        }
    }

    // A plain name; or, in brackets, that of an extension or of a packed message, which nobody here knows.
    private string ReadName()
    {
        if (!_next.Is('['))
        {
            return _next.Kind == TextTokenKind.Word && !char.IsAsciiDigit(_next.Text[0]) ? Take().Text : throw Unexpected("a field's name is expected");
        }

        string text = Take().Text;
        while (!_next.Is(']'))
        {
            text += _next.Kind == TextTokenKind.Word || _next.Is('.') || _next.Is('/') || _next.Is('-') ? Take().Text : throw Unexpected("']' is expected");
            if (text.Length > 1000)
            {
                throw Unexpected("a shorter name is expected");
            }
        }

        return text + Take().Text;
    }

    private TextValue ReadValue(int depth)
    {
        TextToken start = Take();
        if (start.Is('{') || start.Is('<'))
        {
            TextMessage message = ReadMessage(start.Is('{') ? '}' : '>', depth + 1);
            return new TextValue(TextValueKind.Message, "", message, start.Line, start.Column);
        }

        if (start.Kind == TextTokenKind.String)
        {
            System.Text.StringBuilder whole = new(start.Text);
            while (_next.Kind == TextTokenKind.String)
            {
                whole.Append(Take().Text);
            }

            return new TextValue(TextValueKind.String, whole.ToString(), null, start.Line, start.Column);
        }

        string sign = "";
        TextToken word = start;
        if (start.Is('-'))
        {
            (sign, word) = ("-", Take());
        }

        string point = "";
        if (word.Is('.'))
        {
            (point, word) = (".", Take());
        }

        return word.Kind == TextTokenKind.Word
            ? new TextValue(TextValueKind.Word, sign + point + word.Text, null, start.Line, start.Column)
            : throw new TextFormatException($"a value is expected, not {word}", word.Line, word.Column);
    }

    private void Add(List<TextField> fields, string text, TextToken name, TextValue value)
    {
        if (++_fields > MaxFields)
        {
            throw Unexpected($"more than {MaxFields} fields");
        }

        fields.Add(new TextField(text, value, name.Line, name.Column));
    }

    private TextToken Take()
    {
        TextToken taken = _next;
        _next = _tokens.Next();
        return taken;
    }

    private TextFormatException Unexpected(string expected) => new($"{expected}, not {_next}", _next.Line, _next.Column);
}
