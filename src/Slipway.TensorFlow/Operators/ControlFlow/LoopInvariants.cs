using Slipway.Core;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.ControlFlow;

/// <summary>Finds the variables of a loop that never change: weights, limits, the sequence that is read. They are used from outside of the loop and stay constants where they are.</summary>
internal static class LoopInvariants
{
    /// <summary>For each variable, whether the body hands it on as it is.</summary>
    public static bool[] Of(FunctionLibrary functions, string body, int count)
    {
        GraphFunction function = functions.Find(body) ?? throw new SlipwayException(ErrorCode.InvalidModel, $"there is no function '{body}'");
        if (function.Inputs.Count != count || function.Outputs.Count != count)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the body has {function.Inputs.Count} parameters and {function.Outputs.Count} results for {count} variables");
        }

        Dictionary<string, GraphNode> nodes = function.Nodes.DistinctBy(static node => node.Name).ToDictionary(static node => node.Name, StringComparer.Ordinal);
        return [.. Enumerable.Range(0, count).Select(i => Source(nodes, function.Returns.GetValueOrDefault(function.Outputs[i].Name, "")) == function.Inputs[i].Name)];
    }

    private static string Source(Dictionary<string, GraphNode> nodes, string reference)
    {
        for (int step = 0; step <= nodes.Count; step++)
        {
            string name = TensorReference.Parse(reference).Node;
            if (!nodes.TryGetValue(name, out GraphNode? node) || node.Operation != "Identity")
            {
                return node is null ? name : "";
            }

            reference = node.DataInputs.FirstOrDefault("");
        }

        return "";
    }
}
