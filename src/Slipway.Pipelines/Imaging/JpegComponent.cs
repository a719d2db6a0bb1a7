namespace Slipway.Pipelines.Imaging;

/// <summary>One component of a JPEG frame: its sampling, its tables and what has been decoded of it. Not thread-safe.</summary>
/// <param name="id">Number that scans name it by.</param>
/// <param name="across">Horizontal sampling factor, 1 to 4.</param>
/// <param name="down">Vertical sampling factor, 1 to 4.</param>
/// <param name="quantization">Place of its quantisation table.</param>
internal sealed class JpegComponent(byte id, int across, int down, int quantization)
{
    /// <summary>Number that scans name it by.</summary>
    public byte Id => id;

    /// <summary>Horizontal sampling factor.</summary>
    public int Across => across;

    /// <summary>Vertical sampling factor.</summary>
    public int Down => down;

    /// <summary>Place of its quantisation table.</summary>
    public int Quantization => quantization;

    /// <summary>Samples in a row that belong to the image.</summary>
    public int Width { get; private set; }

    /// <summary>Rows that belong to the image.</summary>
    public int Height { get; private set; }

    /// <summary>Blocks in a row with those that only fill up.</summary>
    public int BlocksAcross { get; private set; }

    /// <summary>Rows of blocks with those that only fill up.</summary>
    public int BlocksDown { get; private set; }

    /// <summary>Coefficients, 64 for each block in the order of rows.</summary>
    public short[] Coefficients { get; private set; } = [];

    /// <summary>The constant coefficient of the block before.</summary>
    public int Predicted { get; set; }

    /// <summary>Huffman table of constant coefficients in this scan.</summary>
    public HuffmanTable? Constant { get; set; }

    /// <summary>Huffman table of the other coefficients in this scan.</summary>
    public HuffmanTable? Varying { get; set; }

    /// <summary>What its coefficients are multiplied with, as it was when its first scan came; null before.</summary>
    public ushort[]? Table { get; set; }

    /// <summary>Whether a scan has brought its coefficients, the constant ones at least.</summary>
    public bool IsThere { get; set; }

    /// <summary>Finds its sizes out.</summary>
    public void Measure(int width, int height, int mostAcross, int mostDown)
    {
        Width = Ceiling(width * across, mostAcross);
        Height = Ceiling(height * down, mostDown);
        BlocksAcross = Ceiling(width, 8 * mostAcross) * across;
        BlocksDown = Ceiling(height, 8 * mostDown) * down;
    }

    /// <summary>Makes room for its coefficients.</summary>
    public void Allocate() => Coefficients = new short[(long)BlocksAcross * BlocksDown * 64];

    /// <summary>The coefficients of a block.</summary>
    public Span<short> Block(int row, int column) => Coefficients.AsSpan(((row * BlocksAcross) + column) * 64, 64);

    private static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;
}
