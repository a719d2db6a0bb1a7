using Slipway.Core;

namespace Slipway.Inference.Requests;

/// <summary>
/// What a loaded version takes and gives, laid out so that a request is checked without searching: the signature callers see, and where each of its
/// outputs sits among the engine's. Immutable.
/// </summary>
internal sealed class ServableContract
{
    private readonly int[] _engineOutputs;

    /// <param name="modelName">Name of the model, for messages.</param>
    /// <param name="signature">What callers see; inputs are in the engine's order.</param>
    /// <param name="engineOutputs">For each output of <paramref name="signature"/>, its position in the engine's own signature.</param>
    /// <param name="maxRequestRows">Most rows in one request; 0: no bound.</param>
    public ServableContract(string modelName, ModelSignature signature, int[] engineOutputs, int maxRequestRows)
    {
        ModelName = modelName;
        Signature = signature;
        Inputs = [.. signature.Inputs];
        _engineOutputs = engineOutputs;
        MaxRequestRows = maxRequestRows;
        RequiredInputs = Inputs.Count(static input => !input.IsOptional);
        int[] named = [.. ModelMetadata.DefaultOutputs(signature.Metadata).Select(EngineOutput).Where(static position => position >= 0).Distinct()];
        DefaultOutputs = named.Length > 0 ? named : engineOutputs;
    }

    /// <summary>Name of the model.</summary>
    public string ModelName { get; }

    /// <summary>What callers see.</summary>
    public ModelSignature Signature { get; }

    /// <summary>Inputs in the engine's order.</summary>
    public TensorSignature[] Inputs { get; }

    /// <summary>How many inputs a request can't leave out.</summary>
    public int RequiredInputs { get; }

    /// <summary>Most rows in one request; 0: no bound.</summary>
    public int MaxRequestRows { get; }

    /// <summary>Whether the first dimension of everything is a batch.</summary>
    public bool IsBatchable => Signature.IsBatchable;

    /// <summary>The engine's positions of all outputs, in the signature's order. Not to be changed.</summary>
    public int[] AllOutputs => _engineOutputs;

    /// <summary>
    /// The engine's positions of the outputs given when none are asked for: those that the model's metadata names (<see cref="ModelMetadataKeys.DefaultOutputs"/>), else all. Not to be changed.
    /// </summary>
    public int[] DefaultOutputs { get; }

    /// <summary>The engine's position of the output named <paramref name="name"/>, or -1.</summary>
    public int EngineOutput(string name) => Signature.IndexOfOutput(name) is >= 0 and var index ? _engineOutputs[index] : -1;
}
