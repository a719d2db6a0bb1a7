using Slipway.Core;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>One input of a ModelInferRequest, before its data is looked for.</summary>
internal struct InferInput
{
    public string Name;
    public TensorDataType DataType;
    public TensorShape Shape;

    /// <summary>Where the typed contents lie in the message, when there are any.</summary>
    public Range Contents;

    /// <summary>Whether the field is there, however empty.</summary>
    public bool HasContents;
}
