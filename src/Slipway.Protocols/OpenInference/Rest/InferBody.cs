using Slipway.Core;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>An inference request as its JSON says it. Owns the tensors read so far, until they are handed over.</summary>
internal sealed class InferBody : IDisposable
{
    /// <summary>Most inputs, and most requested outputs, of one request.</summary>
    public const int MostTensors = 4096;

    private RequestParameters _parameters;

    /// <summary>The caller's id; empty when there is none.</summary>
    public string Id { get; set; } = "";

    /// <summary>Whether outputs go out as bytes when the request lists none.</summary>
    public bool BinaryByDefault { get; set; }

    /// <summary>Inputs in the order of the request.</summary>
    public List<InferInput> Inputs { get; } = new(4);

    /// <summary>Requested outputs; empty: all.</summary>
    public List<RequestedOutput> Outputs { get; } = [];

    /// <summary>Parameters of the request.</summary>
    public ref RequestParameters Parameters => ref _parameters;

    /// <summary>Makes the request; its inputs are the request's from now on.</summary>
    public InferenceRequest ToRequest(string model, VersionSelector version, string? caller, ICallerAttributes attributes)
    {
        Tensor[] inputs = new Tensor[Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Inputs[i].Tensor!;
        }

        Inputs.Clear();
        return new InferenceRequest
        {
            ModelName = model,
            Version = version,
            Id = Id,
            Inputs = inputs,
            RequestedOutputs = OutputNames(),
            Parameters = _parameters.Custom,
            Priority = _parameters.Priority,
            QueueTimeout = _parameters.QueueTimeout,
            SignatureName = _parameters.SignatureName,
            Caller = caller,
            Attributes = attributes,
        };
    }

    /// <summary>Releases tensors that weren't handed over.</summary>
    public void Dispose()
    {
        foreach (InferInput input in Inputs)
        {
            input.Tensor?.Dispose();
        }

        Inputs.Clear();
    }

    private string[] OutputNames()
    {
        if (Outputs.Count == 0)
        {
            return [];
        }

        string[] names = new string[Outputs.Count];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = Outputs[i].Name;
        }

        return names;
    }
}

/// <summary>One input of a request.</summary>
/// <param name="Name">Name of the model's input.</param>
/// <param name="DataType">Element type.</param>
/// <param name="Shape">Shape, each dimension 0 or more.</param>
/// <param name="BinarySize">Bytes of its block behind the JSON; -1: its values were in the JSON.</param>
/// <param name="Tensor">The tensor; null until the block has been read.</param>
internal readonly record struct InferInput(string Name, TensorDataType DataType, TensorShape Shape, long BinarySize, Tensor? Tensor);

/// <summary>An output that a request asks for.</summary>
/// <param name="Name">Name of the model's output.</param>
/// <param name="Binary">Whether it goes out as bytes behind the JSON.</param>
/// <param name="Classes">How many classes of each item, instead of the values; 0: the values.</param>
internal readonly record struct RequestedOutput(string Name, bool Binary, long Classes);
