using System.Text;

namespace Slipway.Pmml.Values;

/// <summary>The symbols of a document and, after them, the texts that a block of rows brings or makes. Not thread-safe; emptied block by block.</summary>
internal sealed class RunSymbols(Symbols document)
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    /// <summary>The code of a text.</summary>
    public double Code(string text)
    {
        int code = document.Find(text);
        if (code < 0 && !_codes.TryGetValue(text, out code))
        {
            code = document.Count + _texts.Count;
            _codes.Add(text, code);
            _texts.Add(text);
        }

        return code;
    }

    /// <summary>The code of a UTF-8 text.</summary>
    public double Code(ReadOnlySpan<byte> text) => document.Find(text) is >= 0 and var code ? code : Code(Encoding.UTF8.GetString(text));

    /// <summary>The text of a code.</summary>
    public string Text(double code) => (int)code is var index && index < document.Count ? document[index] : _texts[index - document.Count];

    /// <summary>Forgets the texts of the block.</summary>
    public void Reset()
    {
        if (_texts.Count > 0)
        {
            _codes.Clear();
            _texts.Clear();
        }
    }
}
