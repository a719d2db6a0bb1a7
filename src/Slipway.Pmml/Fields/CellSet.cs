namespace Slipway.Pmml.Fields;

/// <summary>A set of cells of one type. Immutable.</summary>
internal sealed class CellSet
{
    private const int FewestHashed = 9;
    private const int MaxBits = 4096;

    private readonly double[] _few;
    private readonly HashSet<double>? _many;
    private readonly bool[] _codes = [];

    public CellSet(IEnumerable<double> cells)
    {
        _few = [.. cells.Distinct()];

        // Codes of symbols and small categories are small whole numbers: one look decides.
        if (_few.Length > 0 && _few.All(static cell => cell >= 0 && cell < MaxBits && cell == Math.Floor(cell)))
        {
            _codes = new bool[(int)_few.Max() + 1];
            foreach (double cell in _few)
            {
                _codes[(int)cell] = true;
            }
        }
        else if (_few.Length >= FewestHashed)
        {
            _many = [.. _few];
        }
    }

    public bool Contains(double cell)
    {
        if (_codes.Length > 0)
        {
            int code = (int)cell;
            return (uint)code < (uint)_codes.Length && code == cell && _codes[code];
        }

        return _many is not null ? _many.Contains(cell) : Array.IndexOf(_few, cell) >= 0;
    }
}
