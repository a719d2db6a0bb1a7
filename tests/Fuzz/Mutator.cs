namespace Slipway.Fuzz;

/// <summary>Damages inputs the ways that readers trip over: changed, missing, repeated and spliced bytes, and numbers at their limits. Seeded, so that a finding comes again.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, int seed)
{
    private const int MaxLength = 1 << 16;

    private static readonly byte[][] Interesting =
    [
        [0x00], [0x7F], [0x80], [0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        [0x80, 0x80, 0x80, 0x80, 0x08], [0xFF, 0xFF, 0xFF, 0x7F], [0x00, 0x00, 0x00, 0x80], "{"u8.ToArray(), "["u8.ToArray(), "\""u8.ToArray(), "1e999"u8.ToArray(),
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next damaged input.</summary>
    public byte[] Next()
    {
        List<byte> bytes = [.. seeds[_random.Next(seeds.Count)]];
        for (int step = _random.Next(1, 6); step > 0 && bytes.Count > 0; step--)
        {
            Damage(bytes);
        }

        return bytes.Count <= MaxLength ? [.. bytes] : [.. bytes.GetRange(0, MaxLength)];
    }

    private void Damage(List<byte> bytes)
    {
        int at = _random.Next(bytes.Count);
        int length = _random.Next(1, Math.Min(16, bytes.Count - at) + 1);
        switch (_random.Next(7))
        {
            case 0:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 1:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.InsertRange(at, Interesting[_random.Next(Interesting.Length)]);
                break;
            default:
                byte[] other = seeds[_random.Next(seeds.Count)];
                int from = _random.Next(other.Length + 1);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + 32)]);
                break;
        }
    }
}
