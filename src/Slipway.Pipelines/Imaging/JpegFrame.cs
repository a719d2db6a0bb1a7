using System.Buffers.Binary;

namespace Slipway.Pipelines.Imaging;

/// <summary>The frame header of a JPEG file (ITU-T T.81, B.2.2).</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="IsProgressive">Whether coefficients come in several passes.</param>
/// <param name="Components">1 (grey) or 3.</param>
internal sealed record JpegFrame(int Width, int Height, bool IsProgressive, IReadOnlyList<JpegComponent> Components)
{
    /// <summary>Largest horizontal sampling factor.</summary>
    public int MostAcross { get; } = Components.Max(static component => component.Across);

    /// <summary>Largest vertical sampling factor.</summary>
    public int MostDown { get; } = Components.Max(static component => component.Down);

    /// <summary>Bytes that decoding takes: coefficients, planes of samples and pixels.</summary>
    public long WorkBytes => Components.Sum(static component => (long)component.BlocksAcross * component.BlocksDown * 64 * (sizeof(short) + 1)) + ((long)Width * Height * Components.Count);

    /// <summary>Reads a frame header.</summary>
    /// <param name="segment">What stands behind the marker and its length.</param>
    /// <param name="marker">The marker: which process.</param>
    public static JpegFrame Read(ReadOnlySpan<byte> segment, byte marker)
    {
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2:
                break;
            case 0xC3 or 0xC7 or 0xCB or 0xCF:
                throw ImageFailure.NotDecoded("it is a lossless JPEG, and baseline, extended and progressive ones are");
            case 0xC5 or 0xC6:
                throw ImageFailure.NotDecoded("it is a hierarchical JPEG, and baseline, extended and progressive ones are");
            default:
                throw ImageFailure.NotDecoded("it is a JPEG with arithmetic coding, and those with Huffman coding are");
        }

        if (segment.Length < 6 || segment.Length != 6 + (3 * segment[5]))
        {
            throw ImageFailure.Broken("the head of the JPEG is broken");
        }

        if (segment[0] != 8)
        {
            throw ImageFailure.NotDecoded($"it is a JPEG of {segment[0]} bits, and those of 8 are");
        }

        int height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        if (width == 0 || height == 0)
        {
            throw ImageFailure.Broken($"the JPEG says {width}×{height} pixels");
        }

        if (segment[5] is not (1 or 3))
        {
            throw ImageFailure.NotDecoded($"it is a JPEG of {segment[5]} components, such as CMYK, and grey and colour ones of 1 and 3 are");
        }

        JpegFrame frame = new(width, height, marker == 0xC2, ReadComponents(segment));
        foreach (JpegComponent component in frame.Components)
        {
            if (frame.MostAcross % component.Across != 0 || frame.MostDown % component.Down != 0)
            {
                throw ImageFailure.NotDecoded("it is a JPEG whose components are not sampled at whole parts of each other");
            }

            component.Measure(width, height, frame.MostAcross, frame.MostDown);
        }

        return frame;
    }

    private static JpegComponent[] ReadComponents(ReadOnlySpan<byte> segment)
    {
        JpegComponent[] components = new JpegComponent[segment[5]];
        for (int i = 0; i < components.Length; i++)
        {
            ReadOnlySpan<byte> one = segment.Slice(6 + (3 * i), 3);
            byte id = one[0];

            // A single component has nothing to be sampled against.
            (int across, int down) = components.Length == 1 ? (1, 1) : (one[1] >> 4, one[1] & 15);
            if (across is < 1 or > 4 || down is < 1 or > 4 || one[2] > 3 || components.Take(i).Any(before => before.Id == id))
            {
                throw ImageFailure.Broken("the components of the JPEG are broken");
            }

            components[i] = new JpegComponent(id, across, down, one[2]);
        }

        return components;
    }
}
