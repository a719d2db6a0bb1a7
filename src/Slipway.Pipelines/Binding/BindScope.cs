using Slipway.Core;
using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Binding;

/// <summary>A value that a step reads.</summary>
/// <param name="Position">Position among the pipeline's values.</param>
/// <param name="Type">What it is.</param>
internal sealed record BoundValue(int Position, TensorSignature Type);

/// <summary>What is known while one pipeline is checked. Not thread-safe.</summary>
internal sealed class BindScope
{
    private const int MaxFaults = 50;

    private readonly References _references;
    private readonly PipelineDefinition _pipeline;
    private readonly Dictionary<int, IReadOnlyList<BoundValue>?> _outputs = [];
    private readonly Dictionary<(string Model, VersionSelector Version), ServableInfo> _models = [];

    public BindScope(PipelineDefinition pipeline, IModelSignatures signatures)
    {
        (_pipeline, Signatures, _references) = (pipeline, signatures, new References(pipeline));
        NextValue = pipeline.Inputs.Count;
    }

    /// <summary>What models take and give.</summary>
    public IModelSignatures Signatures { get; }

    /// <summary>What is wrong so far.</summary>
    public List<PipelineFault> Faults { get; } = [];

    /// <summary>Position of the next value.</summary>
    public int NextValue { get; private set; }

    /// <summary>The models found so far.</summary>
    public IReadOnlyDictionary<(string Model, VersionSelector Version), ServableInfo> Models => _models;

    /// <summary>Notes a fault.</summary>
    public void Refuse(string key, string message, bool isMissingModel = false)
    {
        if (Faults.Count < MaxFaults)
        {
            Faults.Add(new PipelineFault(key, message) { IsMissingModel = isMissingModel });
        }
    }

    /// <summary>Notes what a step gives; null: nobody knows.</summary>
    public void Give(int step, IReadOnlyList<TensorSignature>? outputs)
    {
        _outputs[step] = outputs is null ? null : [.. outputs.Select((output, index) => new BoundValue(NextValue + index, output))];
        NextValue += outputs?.Count ?? 0;
    }

    /// <summary>Whether a value has something for each row; one whose rank nobody knows may have.</summary>
    public bool IsRows(int position)
    {
        TensorSignature type = position < _pipeline.Inputs.Count
            ? _pipeline.Inputs[position]
            : _outputs.Values.SelectMany(static outputs => outputs ?? []).First(value => value.Position == position).Type;
        return type.IsRankUnknown || TypeFit.IsRows(type);
    }

    /// <summary>The value that a reference means; null when there is none, which is noted under <paramref name="key"/>, or when nobody knows.</summary>
    public BoundValue? Resolve(string reference, string key)
    {
        if (!_references.TryFind(reference, out Target target))
        {
            Refuse(key, $"there is no step or input '{reference}'; {_references.Known}");
            return null;
        }

        if (target.Step < 0)
        {
            return new BoundValue(target.Input, _pipeline.Inputs[target.Input]);
        }

        if (_outputs.GetValueOrDefault(target.Step) is not { } outputs)
        {
            return null;
        }

        string step = _pipeline.Steps[target.Step].Name;
        if (target.Output.Length == 0)
        {
            if (outputs.Count == 1)
            {
                return outputs[0];
            }

            Refuse(key, $"step '{step}' has several outputs: say which, as in '{step}.{(outputs.Count > 0 ? outputs[0].Type.Name : "output")}' ({Names(outputs)})");
            return null;
        }

        BoundValue? found = outputs.FirstOrDefault(output => output.Type.Name == target.Output);
        if (found is null)
        {
            Refuse(key, $"step '{step}' has no output '{target.Output}'; it has {Names(outputs)}");
        }

        return found;
    }

    /// <summary>The version of a model that a request would reach; null when there is none, which is noted under <paramref name="key"/>, or when nobody knows.</summary>
    public ServableInfo? FindModel(string model, VersionSelector version, string key)
    {
        if (_models.TryGetValue((model, version), out ServableInfo? known))
        {
            return known;
        }

        ModelFinding finding = Signatures.Find(model, version);
        if (finding.Servable is { } servable)
        {
            return _models[(model, version)] = servable;
        }

        if (finding.Problem is { } problem)
        {
            Refuse(key, problem, isMissingModel: true);
        }

        return null;
    }

    private static string Names(IReadOnlyList<BoundValue> outputs) => string.Join(", ", outputs.Select(static output => $"'{output.Type.Name}'"));
}
