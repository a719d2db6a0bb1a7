namespace Slipway.Traffic.Endpoints;

/// <summary>
/// Numbers of a request's context: <c>(value − offset) / scale</c>, kept within ±10 so that no single request can outweigh all others. What is absent or no number is 0.
/// </summary>
/// <param name="Source">Where they are: an input, a parameter, a header or a claim.</param>
public sealed record ContextField(KeySource Source)
{
    /// <summary>How many numbers of the request's first row are taken; more than 1 of inputs only. Default 1.</summary>
    public int Length { get; init; } = 1;

    /// <summary>What is taken away from each. Default 0.</summary>
    public double Offset { get; init; }

    /// <summary>What each is divided by, above 0: about as much as values differ. Default 1.</summary>
    public double Scale { get; init; } = 1;
}
