namespace Slipway.TensorFlow.Graphs;

/// <summary>A node of a graph or function body.</summary>
/// <param name="Name">Unique within its graph.</param>
/// <param name="Operation">Name of the operator, or of a function.</param>
/// <param name="Inputs">References as the file has them: data inputs first, then control inputs that begin with <c>^</c>.</param>
/// <param name="Attributes">By name; those equal to the operator's default may be missing.</param>
internal sealed record GraphNode(string Name, string Operation, IReadOnlyList<string> Inputs, IReadOnlyDictionary<string, AttributeValue> Attributes)
{
    /// <summary>Data inputs only.</summary>
    public IEnumerable<string> DataInputs => Inputs.Where(static input => !IsControl(input));

    /// <summary>Names of the nodes that must run before this one.</summary>
    public IEnumerable<string> ControlInputs => Inputs.Where(IsControl).Select(static input => input[1..]);

    private static bool IsControl(string input) => input.StartsWith('^');
}
