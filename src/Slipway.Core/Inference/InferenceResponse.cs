namespace Slipway.Core;

/// <summary>
/// The answer to one request. It owns its output tensors: whoever receives it disposes it when the outputs are written.
/// </summary>
public sealed class InferenceResponse : IDisposable
{
    private static readonly IReadOnlyDictionary<string, ParameterValue> NoParameters = new Dictionary<string, ParameterValue>();

    /// <summary>The loaded version that answered.</summary>
    public required ServableInfo Servable { get; init; }

    /// <summary>Outputs, in the order asked for, or the model's.</summary>
    public required IReadOnlyList<Tensor> Outputs { get; init; }

    /// <summary>Parameters of the answer.</summary>
    public IReadOnlyDictionary<string, ParameterValue> Parameters { get; init; } = NoParameters;

    /// <summary>Which arm of an endpoint answered and why; null when the model itself was asked.</summary>
    public RouteAssignment? Assignment { get; init; }

    /// <summary>Where the time went.</summary>
    public InferenceTimings Timings { get; init; }

    /// <summary>Releases the outputs.</summary>
    public void Dispose()
    {
        for (int i = 0; i < Outputs.Count; i++)
        {
            Outputs[i].Dispose();
        }
    }
}
