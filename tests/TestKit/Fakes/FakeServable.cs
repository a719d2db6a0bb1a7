using Slipway.Core;

namespace Slipway.TestKit.Fakes;

/// <summary>A version that <see cref="FakeInference"/> serves: a signature and a function.</summary>
public sealed class FakeServable
{
    public FakeServable(
        string name,
        IReadOnlyList<TensorSignature> inputs,
        IReadOnlyList<TensorSignature> outputs,
        Func<InferenceRequest, IEnumerable<Tensor>> run,
        long version = 1,
        int maxBatchSize = 0,
        ModelConfig? config = null,
        bool hasRows = false)
    {
        ModelSignature signature = new(inputs, outputs) { IsBatchable = maxBatchSize > 0, HasRows = hasRows };
        Info = new ServableInfo(name, version, new string('a', 64), signature, config ?? ModelConfig.Default)
        {
            Platform = "onnxruntime_onnx",
            MaxBatchSize = maxBatchSize,
        };
        Run = run;
    }

    public ServableInfo Info { get; }

    /// <summary>Gives any of the signature's outputs.</summary>
    public Func<InferenceRequest, IEnumerable<Tensor>> Run { get; }

    public ServableState State { get; set; } = ServableState.Ready;

    public string? Reason { get; set; }

    public bool IsWanted { get; set; } = true;
}
