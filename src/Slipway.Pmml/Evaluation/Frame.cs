using Slipway.Pmml.Values;

namespace Slipway.Pmml.Evaluation;

/// <summary>
/// The cells of a block of rows while a plan is evaluated: row after row, each with all slots of the plan. Reused block after block; used by one thread.
/// </summary>
internal sealed class Frame
{
    /// <summary>Rows of a block: enough to walk a tree with its nodes in the cache, few enough for the cells to stay there as well.</summary>
    public const int BlockRows = 128;

    private readonly double[] _template;
    private readonly List<double[]> _lists = [];

    /// <summary>A frame for rows that look like <paramref name="template"/> before anything is computed.</summary>
    public Frame(double[] template, Symbols symbols)
    {
        _template = template;
        Width = template.Length;

        // Rows of a wide plan are fewer, so that a block keeps to a few megabytes.
        Capacity = Math.Clamp(512 * 1024 / Math.Max(1, Width), 1, BlockRows);
        Cells = new double[Capacity * Width];
        Failures = new string?[Capacity];
        Symbols = new RunSymbols(symbols);
    }

    /// <summary>Most rows of a block.</summary>
    public int Capacity { get; }

    /// <summary>Slots of a row.</summary>
    public int Width { get; }

    /// <summary>All cells.</summary>
    public double[] Cells { get; }

    /// <summary>Where the current row begins in <see cref="Cells"/>.</summary>
    public int Base { get; set; }

    /// <summary>For each row of the block why it has no result; null where it has.</summary>
    public string?[] Failures { get; }

    /// <summary>Texts of the document and of the block.</summary>
    public RunSymbols Symbols { get; }

    /// <summary>A cell of the current row.</summary>
    public ref double this[int slot] => ref Cells[Base + slot];

    /// <summary>What expressions keep from one call to the next within a block, by whose it is and for which value.</summary>
    public Dictionary<(object Owner, double Value), object> Scratch { get; } = [];

    /// <summary>Makes <paramref name="rows"/> fresh rows.</summary>
    public void Reset(int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            _template.CopyTo(Cells, row * Width);
        }

        Array.Clear(Failures, 0, rows);
        Symbols.Reset();
        _lists.Clear();
        if (Scratch.Count > 0)
        {
            Scratch.Clear();
        }
    }

    /// <summary>Goes to a row.</summary>
    public void MoveTo(int row) => Base = row * Width;

    /// <summary>Makes a collection of symbols a value.</summary>
    public double AddList(double[] codes)
    {
        _lists.Add(codes);
        return _lists.Count - 1;
    }

    /// <summary>The symbols of a collection.</summary>
    public double[] List(double cell) => _lists[(int)cell];
}
