namespace Slipway.Protocols.SageMaker;

/// <summary>Settings of the SageMaker protocol.</summary>
public sealed class SageMakerOptions
{
    /// <summary>Model that <c>/invocations</c> asks; null (default): the only one there is.</summary>
    public string? Model { get; set; }

    /// <summary>Outputs that answers hold, in this order. Empty (default): those that the model names as its default ones, else all.</summary>
    public IReadOnlyList<string> Outputs { get; set; } = [];
}
