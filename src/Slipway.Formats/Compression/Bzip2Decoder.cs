using Slipway.Core;

namespace Slipway.Formats.Compression;

/// <summary>bzip2, one stream or several one after the other: block sorting (Burrows &amp; Wheeler 1994), move-to-front and Huffman codes. Checksums are verified.</summary>
internal static class Bzip2Decoder
{
    private const ulong BlockMark = 0x314159265359;
    private const ulong EndMark = 0x177245385090;
    private const int GroupSize = 50;
    private const int MaxCodeLength = 20;

    /// <summary>Unpacks all streams.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: damaged, or larger than the bound.</exception>
    public static void Decode(ReadOnlySpan<byte> packed, UnpackedBuffer output)
    {
        Bzip2BitReader bits = new(packed);
        int[] sorted = [];
        while (!bits.IsAtEnd)
        {
            int mark = bits.Read(24);
            int level = bits.Read(8);
            if (mark != 0x425A68 || level is < '1' or > '9')
            {
                throw PackedReader.Damaged("what follows a bzip2 stream is none");
            }

            int blockSize = (level - '0') * 100_000;
            if (sorted.Length < blockSize)
            {
                sorted = new int[Math.Min(blockSize, 900_000)];
            }

            DecodeStream(ref bits, sorted.AsSpan(0, blockSize), output);
            bits.AlignToByte();
        }
    }

    private static void DecodeStream(ref Bzip2BitReader bits, Span<int> sorted, UnpackedBuffer output)
    {
        uint combined = 0;
        while (true)
        {
            ulong mark = ((ulong)(uint)bits.Read(24) << 24) | (uint)bits.Read(24);
            uint expected = ((uint)bits.Read(16) << 16) | (uint)bits.Read(16);
            if (mark == EndMark)
            {
                if (expected != combined)
                {
                    throw PackedReader.Damaged("the checksum of the bzip2 stream is wrong");
                }

                return;
            }

            if (mark != BlockMark)
            {
                throw PackedReader.Damaged("a bzip2 block has no mark");
            }

            int start = output.Length;
            DecodeBlock(ref bits, sorted, output);
            if (Checksums.Bzip2Crc(output.Written.Span[start..]) != expected)
            {
                throw PackedReader.Damaged("the checksum of a bzip2 block is wrong");
            }

            combined = ((combined << 1) | (combined >> 31)) ^ expected;
        }
    }

    private static void DecodeBlock(ref Bzip2BitReader bits, Span<int> sorted, UnpackedBuffer output)
    {
        if (bits.Read(1) != 0)
        {
            throw new SlipwayException(ErrorCode.NotSupported, "the file was written by a bzip2 older than 0.9.5; pack it again");
        }

        int origin = bits.Read(24);
        byte[] symbols = ReadSymbols(ref bits);
        int alphabet = symbols.Length + 2;
        int groups = bits.Read(3);
        byte[] selectors = ReadSelectors(ref bits, groups);
        Bzip2Code[] codes = new Bzip2Code[groups];
        for (int i = 0; i < groups; i++)
        {
            codes[i] = ReadCode(ref bits, alphabet);
        }

        int count = ReadMoves(ref bits, symbols, selectors, codes, sorted);
        if (origin >= count)
        {
            throw PackedReader.Damaged("a bzip2 block begins outside itself");
        }

        Unsort(sorted[..count], origin, output);
    }

    private static byte[] ReadSymbols(ref Bzip2BitReader bits)
    {
        int used = bits.Read(16);
        List<byte> symbols = [];
        for (int high = 0; high < 16; high++)
        {
            int low = (used >> (15 - high) & 1) != 0 ? bits.Read(16) : 0;
            for (int i = 0; i < 16; i++)
            {
                if ((low >> (15 - i) & 1) != 0)
                {
                    symbols.Add((byte)((high * 16) + i));
                }
            }
        }

        return symbols.Count > 0 ? [.. symbols] : throw PackedReader.Damaged("a bzip2 block has no symbols");
    }

    private static byte[] ReadSelectors(ref Bzip2BitReader bits, int groups)
    {
        int count = bits.Read(15);
        if (groups is < 2 or > 6 || count < 1)
        {
            throw PackedReader.Damaged("a bzip2 block has a wrong number of codes");
        }

        Span<byte> order = [0, 1, 2, 3, 4, 5];
        byte[] selectors = new byte[count];
        for (int i = 0; i < count; i++)
        {
            int position = 0;
            while (bits.Read(1) != 0)
            {
                if (++position >= groups)
                {
                    throw PackedReader.Damaged("a bzip2 block selects a code that is not there");
                }
            }

            selectors[i] = MoveToFront(order, position);
        }

        return selectors;
    }

    private static Bzip2Code ReadCode(ref Bzip2BitReader bits, int alphabet)
    {
        byte[] lengths = new byte[alphabet];
        int length = bits.Read(5);
        for (int i = 0; i < alphabet; i++)
        {
            while (true)
            {
                if (length is < 1 or > MaxCodeLength)
                {
                    throw PackedReader.Damaged("a bzip2 code is too long");
                }

                if (bits.Read(1) == 0)
                {
                    break;
                }

                length += bits.Read(1) == 0 ? 1 : -1;
            }

            lengths[i] = (byte)length;
        }

        return new Bzip2Code(lengths);
    }

    // Symbols 0 and 1 write the length of a run of the front symbol in bijective base 2, the last one ends the block, the others move their symbol to the front.
    private static int ReadMoves(ref Bzip2BitReader bits, byte[] symbols, byte[] selectors, Bzip2Code[] codes, Span<int> sorted)
    {
        Span<byte> order = symbols;
        int end = symbols.Length + 1;
        int count = 0;
        int run = 0;
        int weight = 1;
        for (int at = 0; ; at++)
        {
            if (at / GroupSize >= selectors.Length)
            {
                throw PackedReader.Damaged("a bzip2 block has no end");
            }

            int symbol = codes[selectors[at / GroupSize]].Read(ref bits);
            if (symbol <= 1)
            {
                run += weight << symbol;
                weight <<= 1;
                if (run > sorted.Length - count)
                {
                    throw PackedReader.Damaged("a bzip2 block is larger than the stream says");
                }

                continue;
            }

            sorted.Slice(count, run).Fill(order[0]);
            count += run;
            (run, weight) = (0, 1);
            if (symbol == end)
            {
                return count;
            }

            if (count == sorted.Length)
            {
                throw PackedReader.Damaged("a bzip2 block is larger than the stream says");
            }

            sorted[count++] = MoveToFront(order, symbol - 1);
        }
    }

    // The low byte of an entry is a symbol of the last column; the bits above become the position of the symbol that follows it in the text.
    private static void Unsort(Span<int> sorted, int origin, UnpackedBuffer output)
    {
        Span<int> starts = stackalloc int[257];
        starts.Clear();
        foreach (int entry in sorted)
        {
            starts[(byte)entry + 1]++;
        }

        for (int i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }

        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[starts[(byte)sorted[i]]++] |= i << 8;
        }

        int position = sorted[origin] >> 8;
        int equal = 0;
        int last = -1;
        for (int i = 0; i < sorted.Length; i++)
        {
            int entry = sorted[position];
            byte symbol = (byte)entry;
            position = entry >> 8;
            if (equal == 4)
            {
                // Four equal bytes are followed by how many more there are.
                output.Append((byte)last, symbol);
                (equal, last) = (0, -1);
                continue;
            }

            equal = symbol == last ? equal + 1 : 1;
            last = symbol;
            output.Append(symbol);
        }
    }

    private static byte MoveToFront(Span<byte> order, int position)
    {
        byte symbol = order[position];
        order[..position].CopyTo(order[1..]);
        order[0] = symbol;
        return symbol;
    }
}
