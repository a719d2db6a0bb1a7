using System.Text;

namespace Slipway.Pmml.Values;

/// <summary>
/// The texts that a document names, each with a code from 0. Filled while a document is compiled, then only read, from any number of threads.
/// </summary>
internal sealed class Symbols
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];
    private (ulong Hash, int Code)[] _table = [];
    private byte[][] _utf8 = [];
    private int _mask;

    /// <summary>How many there are.</summary>
    public int Count => _texts.Count;

    /// <summary>The text of a code.</summary>
    public string this[int code] => _texts[code];

    /// <summary>The code of a text, which gets one when it has none.</summary>
    public int Intern(string text)
    {
        if (!_codes.TryGetValue(text, out int code))
        {
            code = _texts.Count;
            _codes.Add(text, code);
            _texts.Add(text);
        }

        return code;
    }

    /// <summary>The code of a text, or -1.</summary>
    public int Find(string text) => _codes.GetValueOrDefault(text, -1);

    /// <summary>Makes <see cref="Find(ReadOnlySpan{byte})"/> ready: no symbol is added afterwards.</summary>
    public void Freeze()
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, _texts.Count * 2));
        _mask = size - 1;
        _table = new (ulong, int)[size];
        Array.Fill(_table, (0UL, -1));
        _utf8 = [.. _texts.Select(Encoding.UTF8.GetBytes)];
        for (int code = 0; code < _utf8.Length; code++)
        {
            ulong hash = HashOf(_utf8[code]);
            int at = (int)hash & _mask;
            while (_table[at].Code >= 0)
            {
                at = (at + 1) & _mask;
            }

            _table[at] = (hash, code);
        }
    }

    /// <summary>The code of a UTF-8 text, or -1.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        ulong hash = HashOf(text);
        for (int at = (int)hash & _mask; _table[at].Code >= 0; at = (at + 1) & _mask)
        {
            if (_table[at].Hash == hash && text.SequenceEqual(_utf8[_table[at].Code]))
            {
                return _table[at].Code;
            }
        }

        return -1;
    }

    // Only the document's own texts are in the table, so that a caller's can't make it slow.
    private static ulong HashOf(ReadOnlySpan<byte> text)
    {
        ulong hash = (ulong)text.Length;
        while (text.Length >= sizeof(ulong))
        {
            hash = (hash ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(text)) * 0x9E37_79B9_7F4A_7C15;
            hash ^= hash >> 32;
            text = text[sizeof(ulong)..];
        }

        ulong rest = 0;
        for (int i = 0; i < text.Length; i++)
        {
            rest |= (ulong)text[i] << (8 * i);
        }

        hash = (hash ^ rest) * 0x9E37_79B9_7F4A_7C15;
        return hash ^ (hash >> 29);
    }
}
