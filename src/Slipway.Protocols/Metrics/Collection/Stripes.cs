namespace Slipway.Protocols.Metrics.Collection;

/// <summary>
/// A few counters, kept once per stripe and added up when read, so that cores don't write to each other's cache lines. Integers and floating point
/// numbers share the cells' bits; a cell holds one or the other for good. Thread-safe, lock-free.
/// </summary>
internal sealed class Stripes
{
    private const int CellsPerLine = 8;

    private static readonly int StripeMask = (int)Math.Min(8, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount)) - 1;

    private readonly long[] _cells;
    private readonly int _stride;

    /// <summary>Makes <paramref name="count"/> counters at zero.</summary>
    public Stripes(int count)
    {
        // One line of room in front: the array's header shares a line with what lies before it.
        _stride = (count + CellsPerLine - 1) / CellsPerLine * CellsPerLine;
        _cells = new long[((StripeMask + 1) * _stride) + CellsPerLine];
    }

    /// <summary>Where the calling thread's core counts, to be passed on to the other methods.</summary>
    public int Here() => CellsPerLine + ((Thread.GetCurrentProcessorId() & StripeMask) * _stride);

    /// <summary>Adds to an integer counter.</summary>
    public void Add(int here, int counter, long value) => Interlocked.Add(ref _cells[here + counter], value);

    /// <summary>Adds to a floating point counter.</summary>
    public void Add(int here, int counter, double value)
    {
        ref long cell = ref _cells[here + counter];
        long seen = Volatile.Read(ref cell);
        while (true)
        {
            long sum = BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(seen) + value);
            long found = Interlocked.CompareExchange(ref cell, sum, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    /// <summary>The value of an integer counter.</summary>
    public long ReadInteger(int counter)
    {
        long sum = 0;
        for (int at = CellsPerLine + counter; at < _cells.Length; at += _stride)
        {
            sum += Volatile.Read(ref _cells[at]);
        }

        return sum;
    }

    /// <summary>The value of a floating point counter.</summary>
    public double ReadDouble(int counter)
    {
        double sum = 0;
        for (int at = CellsPerLine + counter; at < _cells.Length; at += _stride)
        {
            sum += BitConverter.Int64BitsToDouble(Volatile.Read(ref _cells[at]));
        }

        return sum;
    }
}
