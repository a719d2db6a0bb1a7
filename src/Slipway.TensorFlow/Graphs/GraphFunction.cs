namespace Slipway.TensorFlow.Graphs;

/// <summary>An argument or result of a function.</summary>
/// <param name="Name">Name within the function.</param>
/// <param name="CountAttribute">Attribute that says how many values it stands for; empty when it is one.</param>
/// <param name="TypesAttribute">Attribute that lists the types of the values it stands for; empty when it is one.</param>
internal sealed record FunctionArgument(string Name, string CountAttribute, string TypesAttribute);

/// <summary>A function of the library.</summary>
internal sealed class GraphFunction
{
    public required string Name { get; init; }

    public required IReadOnlyList<FunctionArgument> Inputs { get; init; }

    public required IReadOnlyList<FunctionArgument> Outputs { get; init; }

    public required IReadOnlyList<GraphNode> Nodes { get; init; }

    /// <summary>Where each output comes from, by the output's name.</summary>
    public required IReadOnlyDictionary<string, string> Returns { get; init; }

    /// <summary>Nodes that must run for their effects, by name.</summary>
    public required IReadOnlyList<string> ControlReturns { get; init; }
}
