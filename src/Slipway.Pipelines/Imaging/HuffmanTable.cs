namespace Slipway.Pipelines.Imaging;

/// <summary>A Huffman table of a JPEG file (ITU-T T.81, annex C and F.2.2.3). Immutable.</summary>
internal sealed class HuffmanTable
{
    /// <summary>Longest code.</summary>
    public const int MaxLength = 16;

    private const int FastBits = 9;

    // For every nine bits: length and symbol of the code that they begin with; 0 when it is longer.
    private readonly ushort[] _fast = new ushort[1 << FastBits];

    // For every length the largest code, and what leads from a code to its symbol.
    private readonly int[] _largest = new int[MaxLength + 1];
    private readonly int[] _offset = new int[MaxLength + 1];
    private readonly byte[] _symbols;

    /// <summary>Makes a table.</summary>
    /// <param name="counts">How many codes there are of each length from 1 to 16.</param>
    /// <param name="symbols">Their symbols in order, as many as the counts say.</param>
    /// <exception cref="Slipway.Core.SlipwayException">There are more codes of a length than there can be.</exception>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        _symbols = symbols.ToArray();
        int code = 0;
        int place = 0;
        for (int length = 1; length <= MaxLength; length++)
        {
            _offset[length] = place - code;
            for (int i = 0; i < counts[length - 1]; i++, code++, place++)
            {
                if (length <= FastBits && code < 1 << length)
                {
                    _fast.AsSpan(code << (FastBits - length), 1 << (FastBits - length)).Fill((ushort)((length << 8) | _symbols[place]));
                }
            }

            if (code > 1 << length)
            {
                throw ImageFailure.Broken("a Huffman table of the JPEG has too many codes");
            }

            _largest[length] = counts[length - 1] > 0 ? code - 1 : -1;
            code <<= 1;
        }
    }

    /// <summary>Reads one symbol.</summary>
    public int Decode(ref EntropyReader bits)
    {
        int ahead = bits.Peek(MaxLength);
        int fast = _fast[ahead >> (MaxLength - FastBits)];
        if (fast != 0)
        {
            bits.Skip(fast >> 8);
            return fast & 0xFF;
        }

        for (int length = FastBits + 1; length <= MaxLength; length++)
        {
            int code = ahead >> (MaxLength - length);
            if (code <= _largest[length])
            {
                bits.Skip(length);
                return _symbols[code + _offset[length]];
            }
        }

        throw ImageFailure.Broken("the JPEG has a code that its tables lack");
    }
}
