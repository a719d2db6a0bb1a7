using System.Buffers.Binary;

namespace Slipway.Pipelines.Imaging;

/// <summary>
/// Decodes JPEG (ITU-T T.81): baseline, extended and progressive with Huffman coding, 8 bits, grey or colour, any sampling at whole parts. Gives the samples of the
/// Independent JPEG Group's implementation with its default settings. Orientation and colour profiles in the file's other parts are left aside. Not thread-safe.
/// </summary>
internal sealed class JpegReader
{
    // Ten or so are usual; each goes over all blocks, whatever little it brings.
    private const int MaxScans = 100;

    private readonly ushort[]?[] _quantization = new ushort[4][];
    private readonly HuffmanTable?[] _constants = new HuffmanTable?[4];
    private readonly HuffmanTable?[] _varying = new HuffmanTable?[4];
    private JpegFrame? _frame;
    private int _restartInterval;
    private int _scans;
    private bool _isJfif;
    private int _adobe = -1;

    private JpegReader()
    {
    }

    /// <summary>Whether a file begins as JPEG does.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> file) => file is [0xFF, 0xD8, 0xFF, ..];

    /// <summary>Reads the head of a file.</summary>
    public static ImageHeader Measure(ReadOnlySpan<byte> file)
    {
        JpegReader reader = new();
        int at = 2;
        while (reader._frame is null)
        {
            ReadOnlySpan<byte> segment = NextSegment(file, ref at, out byte marker);
            if (marker is 0xD9 or 0xDA)
            {
                throw ImageFailure.Broken("the JPEG has no head");
            }

            if (IsFrame(marker))
            {
                reader._frame = JpegFrame.Read(segment, marker);
            }
        }

        return new ImageHeader("JPEG", reader._frame.Width, reader._frame.Height, reader._frame.Components.Count, reader._frame.WorkBytes);
    }

    /// <summary>Decodes a file whose size has been accepted.</summary>
    public static Pixels Decode(ReadOnlySpan<byte> file, CancellationToken cancellationToken)
    {
        JpegReader reader = new();
        reader.ReadAll(file, cancellationToken);
        return reader.Finish(cancellationToken);
    }

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private void ReadAll(ReadOnlySpan<byte> file, CancellationToken cancellationToken)
    {
        int at = 2;
        while (true)
        {
            ReadOnlySpan<byte> segment = NextSegment(file, ref at, out byte marker);
            switch (marker)
            {
                case 0xD9:
                    return;
                case 0xC4:
                    ReadHuffman(segment);
                    break;
                case 0xDB:
                    ReadQuantization(segment);
                    break;
                case 0xDD:
                    _restartInterval = segment.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(segment) : throw ImageFailure.Broken("a restart interval of the JPEG is broken");
                    break;
                case 0xE0:
                    _isJfif |= segment.StartsWith("JFIF\0"u8);
                    break;
                case 0xEE:
                    _adobe = segment.Length >= 12 && segment.StartsWith("Adobe"u8) ? segment[11] : _adobe;
                    break;
                case 0xCC:
                    throw ImageFailure.NotDecoded("it is a JPEG with arithmetic coding, and those with Huffman coding are");
                case 0xDA:
                    at = ReadScan(file, segment, at, cancellationToken);
                    break;
                default:
                    if (IsFrame(marker))
                    {
                        Begin(segment, marker);
                    }

                    break;
            }
        }
    }

    // A marker, with a length and what belongs to it where it has any; filling bytes may stand before it.
    private static ReadOnlySpan<byte> NextSegment(ReadOnlySpan<byte> file, ref int at, out byte marker)
    {
        if (at >= file.Length || file[at] != 0xFF)
        {
            throw ImageFailure.Broken(at >= file.Length ? "the JPEG ends too early" : "the JPEG lacks a marker");
        }

        while (at < file.Length && file[at] == 0xFF)
        {
            at++;
        }

        if (at >= file.Length)
        {
            throw ImageFailure.Broken("the JPEG ends too early");
        }

        marker = file[at++];
        if (marker is 0xD9 or 0x01 or (>= 0xD0 and <= 0xD7))
        {
            return [];
        }

        if (marker is 0 or 0xD8 || file.Length - at < 2 || BinaryPrimitives.ReadUInt16BigEndian(file[at..]) is var length && (length < 2 || length > file.Length - at))
        {
            throw ImageFailure.Broken("a part of the JPEG is broken");
        }

        ReadOnlySpan<byte> segment = file.Slice(at + 2, length - 2);
        at += length;
        return segment;
    }

    private void Begin(ReadOnlySpan<byte> segment, byte marker)
    {
        if (_frame is not null)
        {
            throw ImageFailure.Broken("the JPEG has several heads");
        }

        _frame = JpegFrame.Read(segment, marker);
        foreach (JpegComponent component in _frame.Components)
        {
            component.Allocate();
        }
    }

    private void ReadQuantization(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            int size = segment[0] >> 4;
            int place = segment[0] & 15;
            int length = 1 + (64 * (size + 1));
            if (size > 1 || place > 3 || segment.Length < length)
            {
                throw ImageFailure.Broken("a quantisation table of the JPEG is broken");
            }

            ushort[] table = new ushort[64];
            for (int i = 0; i < 64; i++)
            {
                table[JpegScan.ZigZag[i]] = size == 0 ? segment[1 + i] : BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + (2 * i))..]);
            }

            _quantization[place] = table;
            segment = segment[length..];
        }
    }

    private void ReadHuffman(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            int count = 0;
            for (int i = 1; i <= HuffmanTable.MaxLength && i < segment.Length; i++)
            {
                count += segment[i];
            }

            int length = 1 + HuffmanTable.MaxLength + count;
            if (segment[0] >> 4 > 1 || (segment[0] & 15) > 3 || count > 256 || segment.Length < length)
            {
                throw ImageFailure.Broken("a Huffman table of the JPEG is broken");
            }

            HuffmanTable table = new(segment.Slice(1, HuffmanTable.MaxLength), segment.Slice(1 + HuffmanTable.MaxLength, count));
            (segment[0] >> 4 == 0 ? _constants : _varying)[segment[0] & 15] = table;
            segment = segment[length..];
        }
    }

    private int ReadScan(ReadOnlySpan<byte> file, ReadOnlySpan<byte> segment, int at, CancellationToken cancellationToken)
    {
        JpegFrame frame = _frame ?? throw ImageFailure.Broken("the JPEG has no head");
        if (++_scans > MaxScans)
        {
            throw ImageFailure.NotDecoded($"its JPEG has more than {MaxScans} scans");
        }

        JpegScan scan = new(frame, segment, _constants, _varying);
        foreach (JpegComponent component in frame.Components)
        {
            component.Table ??= component.IsThere ? _quantization[component.Quantization] ?? throw ImageFailure.Broken("the JPEG lacks a quantisation table") : null;
        }

        EntropyReader bits = new(file, at);
        scan.Read(ref bits, _restartInterval, cancellationToken);

        // Some writers leave bytes behind the last unit, which are nobody's.
        at = bits.Position;
        while (at < file.Length && !(file[at] == 0xFF && at + 1 < file.Length && file[at + 1] is not (0 or 0xFF)))
        {
            at++;
        }

        return at;
    }

    // Coefficients to samples, samples to pixels.
    private Pixels Finish(CancellationToken cancellationToken)
    {
        if (_frame is not { } frame || frame.Components.Any(static component => !component.IsThere))
        {
            throw ImageFailure.Broken("the JPEG ends too early");
        }

        byte[][] planes = [.. frame.Components.Select(component => PlaneOf(component, cancellationToken))];
        byte[][] rows = [.. frame.Components.Select(component => new byte[component.BlocksAcross * 8 * (frame.MostAcross / component.Across)])];
        int channels = frame.Components.Count;
        byte[] pixels = new byte[frame.Width * frame.Height * channels];
        bool isRgb = channels == 3 && IsRgb(frame);
        for (int y = 0; y < frame.Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int i = 0; i < channels; i++)
            {
                JpegUpsampling.Row(planes[i], frame.Components[i].BlocksAcross * 8, frame.Components[i], frame, y, rows[i]);
            }

            Span<byte> line = pixels.AsSpan(y * frame.Width * channels, frame.Width * channels);
            if (channels == 1)
            {
                rows[0].AsSpan(0, frame.Width).CopyTo(line);
            }
            else
            {
                JpegColors.Join(rows[0], rows[1], rows[2], isRgb, line);
            }
        }

        return new Pixels(frame.Width, frame.Height, channels, pixels);
    }

    private static byte[] PlaneOf(JpegComponent component, CancellationToken cancellationToken)
    {
        int stride = component.BlocksAcross * 8;
        byte[] plane = new byte[stride * component.BlocksDown * 8];
        for (int row = 0; row < component.BlocksDown; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int column = 0; column < component.BlocksAcross; column++)
            {
                InverseDct.Run(component.Block(row, column), component.Table, plane.AsSpan((row * 8 * stride) + (column * 8)), stride);
            }
        }

        return plane;
    }

    // JFIF says luminance and differences; else Adobe's mark decides, else the components' names do.
    private bool IsRgb(JpegFrame frame) => !_isJfif && (_adobe >= 0
        ? _adobe == 0
        : frame.Components is [{ Id: (byte)'R' }, { Id: (byte)'G' }, { Id: (byte)'B' }]);
}
