using Slipway.Security.Policies;

namespace Slipway.Security.Limits;

/// <summary>How much predictions callers may ask for. It holds for each pair of caller and model by itself. Several rules may concern one request: all of them must let it pass.</summary>
public sealed record LimitRule
{
    /// <summary>Names of callers. Default all.</summary>
    public ModelPattern Callers { get; init; } = ModelPattern.All;

    /// <summary>Names of models or endpoints. Default all.</summary>
    public ModelPattern Models { get; init; } = ModelPattern.All;

    /// <summary>Requests; null: no bound.</summary>
    public Rate? Requests { get; init; }

    /// <summary>Rows of all inputs' first dimension, where the model leaves it open, else one a request; null: no bound.</summary>
    public Rate? Rows { get; init; }

    /// <summary>Bytes of input tensors; null: no bound.</summary>
    public Rate? Bytes { get; init; }
}
