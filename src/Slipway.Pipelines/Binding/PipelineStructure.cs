using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Binding;

/// <summary>A pipeline without types: who reads what, in which order. Immutable.</summary>
internal sealed class PipelineStructure
{
    private readonly Dictionary<int, HashSet<string>?> _read = [];
    private readonly HashSet<int> _outputs = [];

    private PipelineStructure(int steps)
    {
        Sources = new IReadOnlyList<int>[steps];
    }

    /// <summary>What is wrong.</summary>
    public List<PipelineFault> Faults { get; } = [];

    /// <summary>For each step those that it reads from, each once.</summary>
    public IReadOnlyList<int>[] Sources { get; }

    /// <summary>The steps, each behind those that it reads from; null when something is wrong.</summary>
    public IReadOnlyList<int>? Order { get; private set; }

    /// <summary>Whether an output of the pipeline comes from a step.</summary>
    public bool IsOutput(int step) => _outputs.Contains(step);

    /// <summary>The outputs of a step that somebody reads by name; null when somebody reads its only one, or nobody reads it.</summary>
    public IReadOnlyCollection<string>? Read(int step) => _read.GetValueOrDefault(step);

    /// <summary>Reads a pipeline.</summary>
    public static PipelineStructure Read(PipelineDefinition pipeline)
    {
        PipelineStructure structure = new(pipeline.Steps.Count);
        structure.Faults.AddRange(PipelineNames.Find(pipeline));
        References references = new(pipeline);
        for (int i = 0; i < pipeline.Steps.Count; i++)
        {
            structure.Sources[i] = structure.ReadStep(references, pipeline.Steps[i]);
        }

        foreach (PipelineOutput output in pipeline.Outputs)
        {
            if (structure.Follow(references, output.From, $"outputs.{output.Name}") is { } source)
            {
                structure._outputs.Add(source);
            }
        }

        if (StepOrder.Sort(structure.Sources, out IReadOnlyList<int> cycle) is not { } order)
        {
            string path = string.Join(" reads ", cycle.Reverse().Select(step => $"'{pipeline.Steps[step].Name}'"));
            structure.Faults.Add(new PipelineFault($"steps.{pipeline.Steps[cycle[^1]].Name}", $"the steps read each other in a cycle: {path}"));
        }
        else if (structure.Faults.Count == 0)
        {
            structure.Order = order;
        }

        return structure;
    }

    private int[] ReadStep(References references, StepDefinition step)
    {
        HashSet<int> sources = [];
        IEnumerable<(string Key, string Reference)> all = BodyReferences.Of(step.Body);
        if (step.Fallback is { } fallback)
        {
            all = all.Concat(BodyReferences.Of(fallback).Select(static one => ($"fallback.{one.Key}", one.Reference)));
        }

        foreach ((string key, string reference) in all)
        {
            if (Follow(references, reference, $"steps.{step.Name}.{key}") is { } source)
            {
                sources.Add(source);
            }
        }

        foreach (string name in BodyReferences.MayRead(step.Body).Concat(step.Fallback is { } other ? BodyReferences.MayRead(other) : []))
        {
            if (references.TryFind(name, out _) && Follow(references, name, $"steps.{step.Name}") is { } source)
            {
                sources.Add(source);
            }
        }

        return [.. sources];
    }

    // The step that a reference points at; null for an input, and for nothing, which is noted.
    private int? Follow(References references, string reference, string key)
    {
        if (!references.TryFind(reference, out Target target))
        {
            Faults.Add(new PipelineFault(key, $"there is no step or input '{reference}'; {references.Known}"));
            return null;
        }

        if (target.Step < 0)
        {
            return null;
        }

        if (target.Output.Length == 0)
        {
            _read[target.Step] = null;
        }
        else if (!_read.TryGetValue(target.Step, out HashSet<string>? read))
        {
            _read[target.Step] = new HashSet<string>(StringComparer.Ordinal) { target.Output };
        }
        else
        {
            read?.Add(target.Output);
        }

        return target.Step;
    }
}
