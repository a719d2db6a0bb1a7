namespace Slipway.Formats.Compression;

/// <summary>LZMA's code of match lengths: 8 short ones and 8 middle ones for each position, 256 long ones.</summary>
internal sealed class LzmaLengths
{
    private readonly ushort[] _choices = new ushort[2];
    private readonly ushort[] _low = new ushort[16 << 3];
    private readonly ushort[] _middle = new ushort[16 << 3];
    private readonly ushort[] _high = new ushort[256];

    /// <summary>Forgets what the probabilities have learned.</summary>
    public void Reset()
    {
        foreach (ushort[] table in (ushort[][])[_choices, _low, _middle, _high])
        {
            Array.Fill(table, (ushort)1024);
        }
    }

    /// <summary>A length less the shortest match.</summary>
    public int Read(ref LzmaRangeReader range, int position) =>
        range.Bit(ref _choices[0]) == 0 ? range.Tree(_low.AsSpan(position << 3, 8), 3)
        : range.Bit(ref _choices[1]) == 0 ? 8 + range.Tree(_middle.AsSpan(position << 3, 8), 3)
        : 16 + range.Tree(_high, 8);
}
