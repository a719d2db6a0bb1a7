namespace Slipway.Formats.Compression;

/// <summary>Bits of a bzip2 file, highest first.</summary>
internal ref struct Bzip2BitReader(ReadOnlySpan<byte> bytes)
{
    private PackedReader _reader = new(bytes);
    private uint _bits;
    private int _count;

    /// <summary>Whether no byte is left; asked between streams.</summary>
    public readonly bool IsAtEnd => _reader.Remaining == 0 && _count < 8;

    /// <summary>The next bits as a number; at most 24.</summary>
    public int Read(int count)
    {
        while (_count < count)
        {
            _bits = (_bits << 8) | _reader.ReadByte();
            _count += 8;
        }

        _count -= count;
        return (int)((_bits >> _count) & ((1u << count) - 1));
    }

    /// <summary>Skips what is left of the current byte.</summary>
    public void AlignToByte() => _count -= _count % 8;
}

/// <summary>A canonical Huffman code of bzip2.</summary>
internal sealed class Bzip2Code
{
    private const int MaxLength = 20;

    private readonly int[] _symbols;
    private readonly int[] _limit = new int[MaxLength + 1];
    private readonly int[] _offset = new int[MaxLength + 1];

    /// <param name="lengths">Length of each symbol's code, 1 to 20.</param>
    public Bzip2Code(byte[] lengths)
    {
        _symbols = [.. Enumerable.Range(0, lengths.Length).OrderBy(symbol => lengths[symbol])];
        int code = 0;
        int first = 0;
        for (int length = 1; length <= MaxLength; length++)
        {
            int count = lengths.Count(item => item == length);
            _offset[length] = first - code;
            code += count;
            first += count;
            _limit[length] = code;
            code <<= 1;
        }
    }

    /// <summary>The next symbol.</summary>
    public int Read(ref Bzip2BitReader bits)
    {
        int code = 0;
        for (int length = 1; length <= MaxLength; length++)
        {
            code = (code << 1) | bits.Read(1);
            if (code < _limit[length])
            {
                int index = code + _offset[length];
                return (uint)index < (uint)_symbols.Length ? _symbols[index] : throw PackedReader.Damaged("a bzip2 code is not complete");
            }
        }

        throw PackedReader.Damaged("a bzip2 code is not known");
    }
}
