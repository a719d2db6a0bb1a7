namespace Slipway.Protocols.Json;

/// <summary>A body is not the JSON that was expected. Protocols turn it into their own words; it never leaves the room.</summary>
internal sealed class MalformedJsonException : Exception
{
    public MalformedJsonException(string problem, int position)
        : base($"{problem} at byte {position}")
    {
        Problem = problem;
        Position = position;
    }

    /// <summary>What is wrong, without the place.</summary>
    public string Problem { get; }

    /// <summary>Offset in bytes from the start of the body.</summary>
    public int Position { get; }
}
