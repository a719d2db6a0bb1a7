using Slipway.Core;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>What a request for a prediction says of itself and of whom it asks: known before its tensors are, so also of a request that turns out to be wrong.</summary>
internal struct InferAddress
{
    /// <summary>The request's id; empty when it has none.</summary>
    public string Id = "";

    /// <summary>Name of the model; empty when it could not be read.</summary>
    public string Model = "";

    /// <summary>Which version is meant.</summary>
    public VersionSelector Version;

    /// <summary>Nothing is known yet.</summary>
    public InferAddress()
    {
    }
}
