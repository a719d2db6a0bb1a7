using Slipway.Core;

namespace Slipway.Traffic.Shadowing;

/// <summary>A copy of a request and of the answer that its caller got. Owns its memory.</summary>
internal sealed class ShadowJob : IDisposable
{
    private readonly IReadOnlyList<Tensor> _primary;

    private ShadowJob(InferenceRequest request, IReadOnlyList<Tensor> primary) => (Request, _primary) = (request, primary);

    /// <summary>The request, to the shadow.</summary>
    public InferenceRequest Request { get; }

    /// <summary>What the caller got.</summary>
    public IReadOnlyList<Tensor> Primary => _primary;

    /// <summary>Bytes that a copy would take.</summary>
    public static long SizeOf(InferenceRequest request, InferenceResponse response)
    {
        long bytes = 0;
        for (int i = 0; i < request.Inputs.Count; i++)
        {
            bytes += request.Inputs[i].Data.Length;
        }

        for (int i = 0; i < response.Outputs.Count; i++)
        {
            bytes += response.Outputs[i].Data.Length;
        }

        return bytes;
    }

    /// <summary>Copies a request and its answer. Headers stay behind: they are gone when the copy runs.</summary>
    public static ShadowJob Copy(InferenceRequest request, InferenceResponse response, string model, VersionSelector version) => new(
        new InferenceRequest
        {
            ModelName = model,
            Version = version,
            Inputs = CopyAll(request.Inputs),
            RequestedOutputs = request.RequestedOutputs,
            Parameters = request.Parameters,
        },
        CopyAll(response.Outputs));

    /// <inheritdoc/>
    public void Dispose()
    {
        Request.Dispose();
        foreach (Tensor tensor in _primary)
        {
            tensor.Dispose();
        }
    }

    private static Tensor[] CopyAll(IReadOnlyList<Tensor> tensors)
    {
        Tensor[] copies = new Tensor[tensors.Count];
        for (int i = 0; i < copies.Length; i++)
        {
            TensorBuffer buffer = TensorBufferPool.Shared.Rent(tensors[i].Data.Length);
            tensors[i].Data.CopyTo(buffer.Memory);
            copies[i] = new Tensor(tensors[i].Name, tensors[i].DataType, tensors[i].Shape, buffer.Memory, buffer);
        }

        return copies;
    }
}
