namespace Slipway.Formats.Compression;

/// <summary>
/// LZMA as its specification describes it (https://www.7-zip.org/sdk.html, lzma-specification): literals and matches, range-coded. Keeps its state from chunk to chunk, as LZMA2 wants.
/// </summary>
internal sealed class LzmaDecoder(UnpackedBuffer output)
{
    private const int States = 12;
    private const int MinMatch = 2;

    private readonly ushort[] _isMatch = new ushort[States << 4];
    private readonly ushort[] _isRepeat = new ushort[States];
    private readonly ushort[] _isRepeat0 = new ushort[States];
    private readonly ushort[] _isRepeat1 = new ushort[States];
    private readonly ushort[] _isRepeat2 = new ushort[States];
    private readonly ushort[] _isLongRepeat0 = new ushort[States << 4];
    private readonly ushort[] _slots = new ushort[4 << 6];
    private readonly ushort[] _special = new ushort[128];
    private readonly ushort[] _align = new ushort[16];
    private readonly LzmaLengths _matchLengths = new();
    private readonly LzmaLengths _repeatLengths = new();
    private readonly uint[] _distances = new uint[4];
    private ushort[] _literals = [];
    private int _literalContextBits;
    private int _literalPositionMask;
    private int _positionMask;
    private int _state;
    private int _start;
    private uint _dictionarySize = uint.MaxValue;

    /// <summary>Sets the parameters by the byte that holds all three.</summary>
    public void SetProperties(byte properties, uint dictionarySize = uint.MaxValue)
    {
        int rest = properties / 9;
        (_literalContextBits, int literalPositionBits, int positionBits) = (properties % 9, rest % 5, rest / 5);
        if (positionBits > 4 || _literalContextBits + literalPositionBits > 12)
        {
            throw PackedReader.Damaged("its LZMA parameters are out of range");
        }

        _literalPositionMask = (1 << literalPositionBits) - 1;
        _positionMask = (1 << positionBits) - 1;
        _dictionarySize = Math.Max(dictionarySize, 4096);
        _literals = new ushort[0x300 << (_literalContextBits + literalPositionBits)];
        ResetState();
    }

    /// <summary>Forgets what the probabilities have learned.</summary>
    public void ResetState()
    {
        foreach (ushort[] table in (ushort[][])[_isMatch, _isRepeat, _isRepeat0, _isRepeat1, _isRepeat2, _isLongRepeat0, _slots, _special, _align, _literals])
        {
            Array.Fill(table, (ushort)1024);
        }

        _matchLengths.Reset();
        _repeatLengths.Reset();
        Array.Clear(_distances);
        _state = 0;
    }

    /// <summary>Begins a new dictionary at what comes next.</summary>
    public void ResetDictionary() => _start = output.Length;

    /// <summary>Decodes until the output has <paramref name="end"/> bytes, or up to the end mark where <paramref name="end"/> is null.</summary>
    /// <returns>Whether there was an end mark.</returns>
    public bool Decode(ref LzmaRangeReader range, long? end)
    {
        while (end is not { } limit || output.Length < limit)
        {
            int position = (output.Length - _start) & _positionMask;
            if (range.Bit(ref _isMatch[(_state << 4) + position]) == 0)
            {
                Literal(ref range);
                continue;
            }

            int length;
            if (range.Bit(ref _isRepeat[_state]) == 0)
            {
                length = _matchLengths.Read(ref range, position);
                (_distances[3], _distances[2], _distances[1]) = (_distances[2], _distances[1], _distances[0]);
                _distances[0] = Distance(ref range, length);
                _state = _state < 7 ? 7 : 10;
                if (_distances[0] == uint.MaxValue)
                {
                    return true;
                }
            }
            else if (IsShortRepeat(ref range, position))
            {
                _state = _state < 7 ? 9 : 11;
                Copy(1, end);
                continue;
            }
            else
            {
                length = _repeatLengths.Read(ref range, position);
                _state = _state < 7 ? 8 : 11;
            }

            Copy(length + MinMatch, end);
        }

        return false;
    }

    private void Literal(ref LzmaRangeReader range)
    {
        int position = output.Length - _start;
        int previous = position > 0 ? output.Back(1) : 0;
        int context = ((position & _literalPositionMask) << _literalContextBits) + (previous >> (8 - _literalContextBits));
        Span<ushort> probabilities = _literals.AsSpan(0x300 * context, 0x300);
        int symbol = 1;
        if (_state >= 7)
        {
            // After a match the byte that would have continued it says what to expect, until it is wrong once.
            int expected = output.Back(checked((int)_distances[0] + 1));
            while (symbol < 0x100)
            {
                int expectedBit = (expected >> 7) & 1;
                expected <<= 1;
                int bit = range.Bit(ref probabilities[((1 + expectedBit) << 8) + symbol]);
                symbol = (symbol << 1) | bit;
                if (bit != expectedBit)
                {
                    break;
                }
            }
        }

        while (symbol < 0x100)
        {
            symbol = (symbol << 1) | range.Bit(ref probabilities[symbol]);
        }

        output.Append((byte)symbol);
        _state = _state < 4 ? 0 : _state < 10 ? _state - 3 : _state - 6;
    }

    // Chooses one of the last four distances; true for a single byte at the very last.
    private bool IsShortRepeat(ref LzmaRangeReader range, int position)
    {
        if (range.Bit(ref _isRepeat0[_state]) == 0)
        {
            return range.Bit(ref _isLongRepeat0[(_state << 4) + position]) == 0;
        }

        int chosen = range.Bit(ref _isRepeat1[_state]) == 0 ? 1 : range.Bit(ref _isRepeat2[_state]) == 0 ? 2 : 3;
        uint distance = _distances[chosen];
        _distances.AsSpan(0, chosen).CopyTo(_distances.AsSpan(1));
        _distances[0] = distance;
        return false;
    }

    private uint Distance(ref LzmaRangeReader range, int length)
    {
        int slot = range.Tree(_slots.AsSpan(Math.Min(length, 3) << 6, 64), 6);
        if (slot < 4)
        {
            return (uint)slot;
        }

        int bits = (slot >> 1) - 1;
        uint distance = (2u | ((uint)slot & 1)) << bits;
        return slot < 14
            ? distance + range.ReverseTree(_special.AsSpan((int)distance - slot), bits)
            : distance + (range.Direct(bits - 4) << 4) + range.ReverseTree(_align, 4);
    }

    private void Copy(int length, long? end)
    {
        long there = Math.Min(output.Length - _start, _dictionarySize);
        if (_distances[0] >= there || (end is { } limit && output.Length + length > limit))
        {
            throw PackedReader.Damaged("an LZMA match reaches outside the data");
        }

        output.Repeat((int)_distances[0] + 1, length);
    }
}
