namespace Slipway.Security.Limits;

/// <summary>What a request counts for.</summary>
/// <param name="Rows">Rows in it.</param>
/// <param name="Bytes">Bytes of its inputs.</param>
internal readonly record struct RequestCost(long Rows, long Bytes)
{
    /// <summary>The amount in a unit.</summary>
    public long Of(string unit) => unit switch
    {
        "rows" => Rows,
        "bytes" => Bytes,
        _ => 1,
    };
}
