using Slipway.Core;

namespace Slipway.Formats.Compression;

/// <summary>The old <c>.lzma</c> container: a head of 13 bytes (parameters, dictionary size, size or all ones), then one LZMA stream.</summary>
internal static class LzmaAloneDecoder
{
    /// <summary>Unpacks the file.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: damaged, or larger than the bound.</exception>
    public static void Decode(ReadOnlySpan<byte> packed, UnpackedBuffer output)
    {
        PackedReader reader = new(packed);
        byte properties = reader.ReadByte();
        uint dictionarySize = reader.ReadUInt32();
        ulong size = reader.ReadUInt64();
        if (size != ulong.MaxValue && size > int.MaxValue)
        {
            throw PackedReader.Damaged("it says that it is larger than 2 GiB");
        }

        LzmaDecoder decoder = new(output);
        decoder.SetProperties(properties, dictionarySize);
        LzmaRangeReader range = new(reader.Rest);
        bool hasMark = decoder.Decode(ref range, size == ulong.MaxValue ? null : (long)size);

        // A file of known size may have the mark as well.
        if (!hasMark && !range.IsFinished)
        {
            hasMark = decoder.Decode(ref range, null) && output.Length == (long)size;
            if (!hasMark)
            {
                throw PackedReader.Damaged("the LZMA stream is longer than it says");
            }
        }
    }
}
