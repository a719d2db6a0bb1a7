using Slipway.Core;
using Slipway.Inference.Requests;
using Slipway.Inference.Scheduling;

namespace Slipway.Inference.Loading;

/// <summary>
/// Brings what the engine says of a model together with what its owner declared: declarations narrow the signature and must not contradict it. Pure.
/// </summary>
internal static class SignatureMerger
{
    /// <summary>The contract that callers are held to.</summary>
    /// <param name="name">Name of the model, for messages.</param>
    /// <param name="engine">Inputs and outputs as the engine has them.</param>
    /// <param name="metadata">Metadata found while preparing; the engine's own wins.</param>
    /// <param name="config">What the owner declared.</param>
    /// <param name="isBatchable">Whether the first dimension of everything is a batch.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/> when a declaration contradicts the model.</exception>
    public static ServableContract Merge(
        string name, ModelSignature engine, IReadOnlyDictionary<string, string> metadata, ModelConfig config, bool isBatchable)
    {
        TensorSignature[] inputs = [.. engine.Inputs];
        foreach (TensorSignature declared in config.DeclaredInputs)
        {
            int index = engine.IndexOfInput(declared.Name);
            if (index < 0)
            {
                throw Wrong(name, $"input '{declared.Name}' is declared, but the model has no such input; it has {Names(engine.Inputs)}");
            }

            inputs[index] = Narrow(name, "input", declared, inputs[index]);
        }

        if (config.DeclaredInputs.Count > 0)
        {
            HashSet<string> declared = [.. config.DeclaredInputs.Select(static input => input.Name)];
            if (Array.Find(inputs, input => !input.IsOptional && !declared.Contains(input.Name)) is { } forgotten)
            {
                throw Wrong(name, $"input '{forgotten.Name}' of the model is not declared; declare every input or none");
            }
        }

        (List<TensorSignature> outputs, List<int> positions) = ChooseOutputs(name, engine, config);
        if (isBatchable && inputs.Where(BatchDimension.HasRows).Concat(outputs).FirstOrDefault(static tensor => tensor.Shape.Rank == 0 && !tensor.IsRankUnknown) is { } scalar)
        {
            throw Wrong(name, $"the model is configured as batchable, but '{scalar.Name}' is a scalar: it has no batch dimension");
        }

        Dictionary<string, string> merged = new(metadata, StringComparer.Ordinal);
        foreach ((string key, string value) in engine.Metadata)
        {
            merged[key] = value;
        }

        // Which outputs are given is the owner's to say before the model's maker.
        if (config.DeclaredOutputs.Count > 0)
        {
            merged.Remove(ModelMetadataKeys.DefaultOutputs);
        }

        ModelSignature signature = new(inputs, outputs)
        {
            Metadata = merged,
            IsBatchable = isBatchable,
            HasRows = engine.HasRows && inputs.Concat(outputs).All(static tensor => tensor.Shape.Rank > 0 && tensor.Shape[0] < 0),
        };
        return new ServableContract(name, signature, [.. positions], isBatchable ? BatchingRules.LargestRequest(config) : 0);
    }

    private static (List<TensorSignature> Outputs, List<int> Positions) ChooseOutputs(string name, ModelSignature engine, ModelConfig config)
    {
        List<TensorSignature> outputs = [];
        List<int> positions = [];
        if (config.DeclaredOutputs.Count == 0)
        {
            outputs.AddRange(engine.Outputs);
            positions.AddRange(Enumerable.Range(0, engine.Outputs.Count));
        }

        foreach (TensorSignature declared in config.DeclaredOutputs)
        {
            int index = engine.IndexOfOutput(declared.Name);
            if (index < 0)
            {
                throw Wrong(name, $"output '{declared.Name}' is declared, but the model has no such output; it has {Names(engine.Outputs)}");
            }

            if (positions.Contains(index))
            {
                throw Wrong(name, $"output '{declared.Name}' is declared twice");
            }

            outputs.Add(Narrow(name, "output", declared, engine.Outputs[index]));
            positions.Add(index);
        }

        foreach ((string output, IReadOnlyList<string> labels) in config.OutputLabels)
        {
            int index = outputs.FindIndex(candidate => candidate.Name == output);
            if (index < 0)
            {
                throw Wrong(name, $"labels are given for output '{output}', which the model does not offer; it offers {Names(outputs)}");
            }

            outputs[index] = outputs[index] with { Labels = labels };
        }

        return (outputs, positions);
    }

    // Each dimension is fixed where either side fixes it; both may not fix it differently.
    private static TensorSignature Narrow(string name, string kind, TensorSignature declared, TensorSignature model)
    {
        if (declared.DataType != model.DataType)
        {
            throw Wrong(name, $"{kind} '{model.Name}' is declared as {declared.DataType.ToName()}, but the model has {model.DataType.ToName()}");
        }

        if (model.IsRankUnknown)
        {
            return model with { Shape = declared.Shape, IsRankUnknown = declared.IsRankUnknown, Labels = declared.Labels.Count > 0 ? declared.Labels : model.Labels };
        }

        if (declared.Shape.Rank != model.Shape.Rank)
        {
            throw Wrong(name, $"{kind} '{model.Name}' is declared with shape {declared.Shape}, but the model has {model.Shape}");
        }

        long[] shape = new long[model.Shape.Rank];
        for (int i = 0; i < shape.Length; i++)
        {
            long wanted = declared.Shape[i];
            long actual = model.Shape[i];
            if (wanted >= 0 && actual >= 0 && wanted != actual)
            {
                throw Wrong(name, $"{kind} '{model.Name}' is declared with shape {declared.Shape}, but the model has {model.Shape}");
            }

            shape[i] = Math.Max(wanted, actual);
        }

        return model with
        {
            Shape = new TensorShape(shape),
            Labels = declared.Labels.Count > 0 ? declared.Labels : model.Labels,
        };
    }

    private static SlipwayException Wrong(string name, string fault) => new(ErrorCode.InvalidConfiguration, $"model '{name}': {fault}");

    private static string Names(IEnumerable<TensorSignature> tensors) => string.Join(", ", tensors.Select(static tensor => $"'{tensor.Name}'"));
}
