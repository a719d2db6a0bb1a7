namespace Slipway.Client.Inference;

/// <summary>A request for a prediction.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Inputs">Inputs, each name once.</param>
public sealed record InferCall(string Model, IReadOnlyList<ClientTensor> Inputs)
{
    /// <summary>Number, alias or label of the version; null (default): the largest one ready.</summary>
    public string? Version { get; init; }

    /// <summary>The caller's own id of the request; null: none.</summary>
    public string? Id { get; init; }

    /// <summary>Names of the outputs wanted. Empty (default): all.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Whether tensors travel as raw bytes behind a small JSON head (default) rather than as JSON numbers.</summary>
    public bool Binary { get; init; } = true;
}
