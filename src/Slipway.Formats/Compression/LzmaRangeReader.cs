namespace Slipway.Formats.Compression;

/// <summary>The range decoder of LZMA: bits with probabilities that learn (11 bits each, starting at one half).</summary>
internal ref struct LzmaRangeReader
{
    private const int ProbabilityBits = 11;
    private const int LearningShift = 5;

    private PackedReader _reader;
    private uint _range;
    private uint _code;

    /// <summary>Starts at the first of the five bytes that begin a range-coded stream.</summary>
    public LzmaRangeReader(ReadOnlySpan<byte> bytes)
    {
        _reader = new PackedReader(bytes);
        if (_reader.ReadByte() != 0)
        {
            throw PackedReader.Damaged("an LZMA stream does not begin with zero");
        }

        _range = uint.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            _code = (_code << 8) | _reader.ReadByte();
        }
    }

    /// <summary>Whether the stream ended where it should: nothing is left to say.</summary>
    public readonly bool IsFinished => _code == 0;

    /// <summary>Bytes not read.</summary>
    public readonly int Remaining => _reader.Remaining;

    /// <summary>A bit; its probability learns from it.</summary>
    public int Bit(ref ushort probability)
    {
        uint bound = (_range >> ProbabilityBits) * probability;
        int bit;
        if (_code < bound)
        {
            _range = bound;
            probability += (ushort)(((1 << ProbabilityBits) - probability) >> LearningShift);
            bit = 0;
        }
        else
        {
            _range -= bound;
            _code -= bound;
            probability -= (ushort)(probability >> LearningShift);
            bit = 1;
        }

        Normalize();
        return bit;
    }

    /// <summary>Bits of even chance, highest first.</summary>
    public uint Direct(int count)
    {
        uint value = 0;
        for (; count > 0; count--)
        {
            _range >>= 1;
            uint bit = _code >= _range ? 1u : 0;
            _code -= bit * _range;
            value = (value << 1) | bit;
            Normalize();
        }

        return value;
    }

    /// <summary>A number of <paramref name="count"/> bits, highest first, by a tree of probabilities.</summary>
    public int Tree(Span<ushort> probabilities, int count)
    {
        int node = 1;
        for (int i = 0; i < count; i++)
        {
            node = (node << 1) + Bit(ref probabilities[node]);
        }

        return node - (1 << count);
    }

    /// <summary>The same, lowest bit first.</summary>
    public uint ReverseTree(Span<ushort> probabilities, int count)
    {
        int node = 1;
        uint value = 0;
        for (int i = 0; i < count; i++)
        {
            int bit = Bit(ref probabilities[node]);
            node = (node << 1) + bit;
            value |= (uint)bit << i;
        }

        return value;
    }

    private void Normalize()
    {
        if (_range < 1u << 24)
        {
            _range <<= 8;
            _code = (_code << 8) | _reader.ReadByte();
        }
    }
}
