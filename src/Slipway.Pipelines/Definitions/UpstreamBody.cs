using Slipway.Core;

namespace Slipway.Pipelines.Definitions;

/// <summary>Asks a model of another server, over HTTP with JSON. What it gives is declared, because nobody can ask the server when the pipeline is checked.</summary>
/// <param name="Url">The server's address, http or https, from the configuration alone.</param>
/// <param name="Model">Name of its model.</param>
public sealed record UpstreamBody(Uri Url, string Model) : StepBody
{
    /// <summary>What it speaks.</summary>
    public UpstreamProtocol Protocol { get; init; }

    /// <summary>Version of the model; empty: the server's choice.</summary>
    public string Version { get; init; } = "";

    /// <summary>What each of its inputs is given.</summary>
    public required IReadOnlyDictionary<string, string> Inputs { get; init; }

    /// <summary>What it gives; what does not fit is refused.</summary>
    public required IReadOnlyList<TensorSignature> Outputs { get; init; }

    /// <summary>Most bytes of an answer. Default 64 MiB.</summary>
    public long MaxBytes { get; init; } = 64L << 20;
}

/// <summary>What an upstream server speaks.</summary>
public enum UpstreamProtocol
{
    /// <summary>Open Inference, <c>/v2/models/NAME/infer</c>.</summary>
    OpenInference,

    /// <summary>TensorFlow Serving, <c>/v1/models/NAME:predict</c>.</summary>
    TensorFlowServing,
}
