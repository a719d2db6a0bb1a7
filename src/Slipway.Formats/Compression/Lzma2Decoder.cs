using Slipway.Core;

namespace Slipway.Formats.Compression;

/// <summary>LZMA2: chunks of LZMA or plain bytes, each saying what is reset before it.</summary>
internal static class Lzma2Decoder
{
    /// <summary>Unpacks chunks up to the end mark, which is consumed.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>.</exception>
    public static void Decode(ref PackedReader reader, UnpackedBuffer output)
    {
        LzmaDecoder decoder = new(output);
        bool needsDictionary = true;
        bool needsProperties = true;
        for (byte control = reader.ReadByte(); control != 0; control = reader.ReadByte())
        {
            bool resetsDictionary = control is 1 or >= 0xE0;
            if (control is > 2 and < 0x80 || (needsDictionary && !resetsDictionary) || (needsProperties && control is >= 0x80 and < 0xC0))
            {
                throw PackedReader.Damaged("an LZMA2 chunk is not understood");
            }

            if (resetsDictionary)
            {
                decoder.ResetDictionary();
                (needsDictionary, needsProperties) = (false, true);
            }

            if (control < 0x80)
            {
                output.Append(reader.Take(reader.ReadUInt16BigEndian() + 1));
                continue;
            }

            long end = output.Length + ((control & 0x1FL) << 16) + reader.ReadUInt16BigEndian() + 1;
            int packed = reader.ReadUInt16BigEndian() + 1;
            if (control >= 0xC0)
            {
                decoder.SetProperties(reader.ReadByte());
                needsProperties = false;
            }
            else if (control >= 0xA0)
            {
                decoder.ResetState();
            }

            LzmaRangeReader range = new(reader.Take(packed));
            if (decoder.Decode(ref range, end) || !range.IsFinished || range.Remaining > 0)
            {
                throw PackedReader.Damaged("an LZMA2 chunk has another size than it says");
            }
        }
    }
}
