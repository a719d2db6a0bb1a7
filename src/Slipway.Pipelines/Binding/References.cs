using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Binding;

/// <summary>What a reference points at: an input, or an output of a step.</summary>
/// <param name="Step">Position of the step; -1 for an input.</param>
/// <param name="Input">Position of the input; -1 for a step.</param>
/// <param name="Output">Name of the step's output; empty for its only one.</param>
internal readonly record struct Target(int Step, int Input, string Output);

/// <summary>Understands references: <c>input</c>, <c>step</c> and <c>step.output</c>. Immutable.</summary>
internal sealed class References
{
    private readonly Dictionary<string, int> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _steps = new(StringComparer.Ordinal);

    public References(PipelineDefinition pipeline)
    {
        for (int i = 0; i < pipeline.Inputs.Count; i++)
        {
            _inputs.TryAdd(pipeline.Inputs[i].Name, i);
        }

        for (int i = 0; i < pipeline.Steps.Count; i++)
        {
            _steps.TryAdd(pipeline.Steps[i].Name, i);
        }
    }

    /// <summary>Finds what is meant: an input of that very name, then a step, then an output of a step.</summary>
    public bool TryFind(string reference, out Target target)
    {
        target = default;
        if (_inputs.TryGetValue(reference, out int input))
        {
            target = new Target(-1, input, "");
            return true;
        }

        int dot = reference.IndexOf('.', StringComparison.Ordinal);
        if (!_steps.TryGetValue(dot < 0 ? reference : reference[..dot], out int step) || dot == reference.Length - 1)
        {
            return false;
        }

        target = new Target(step, -1, dot < 0 ? "" : reference[(dot + 1)..]);
        return true;
    }

    /// <summary>The end of a message about a reference that points at nothing.</summary>
    public string Known => $"there are inputs {List(_inputs.Keys)} and steps {List(_steps.Keys)}";

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Take(20).Select(static name => $"'{name}'")) is { Length: > 0 } list ? list : "(none)";
}
