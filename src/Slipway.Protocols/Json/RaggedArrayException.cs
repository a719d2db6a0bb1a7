namespace Slipway.Protocols.Json;

/// <summary>Arrays of one level differ in length. Protocols turn it into their own words; it never leaves the room.</summary>
internal sealed class RaggedArrayException : Exception
{
    public RaggedArrayException(int level, long expected, long count, int position)
        : base($"the array at byte {position} holds {count} where {expected} were expected")
    {
        Level = level;
        Expected = expected;
        Count = count;
        Position = position;
    }

    /// <summary>Level of the array, 0 the outermost.</summary>
    public int Level { get; }

    /// <summary>Length that it should have.</summary>
    public long Expected { get; }

    /// <summary>Length that it has.</summary>
    public long Count { get; }

    /// <summary>Offset in bytes where it begins.</summary>
    public int Position { get; }
}
