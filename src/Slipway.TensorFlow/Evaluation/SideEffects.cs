using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>Finds nodes that would change variables when outputs are computed: they hang on the outputs by control inputs alone.</summary>
internal static class SideEffects
{
    /// <summary>Reports those behind the nodes of <paramref name="frame"/> that have been translated.</summary>
    public static void Check(Evaluator evaluator, Frame frame)
    {
        HashSet<string> seen = new(frame.Done.Keys, StringComparer.Ordinal);
        Stack<GraphNode> open = new(frame.Done.Keys.Select(name => frame.Find(name)!));
        while (open.TryPop(out GraphNode? node))
        {
            if (Effects.ChangesVariables(node.Operation))
            {
                evaluator.Report(frame, node, "it changes a variable when the outputs are computed, and a served model must not");
            }

            IEnumerable<string> before = frame.Done.ContainsKey(node.Name)
                ? node.ControlInputs
                : node.ControlInputs.Concat(node.DataInputs.Select(static input => TensorReference.Parse(input).Node));
            foreach (string name in before)
            {
                if (frame.Find(name) is { } source && seen.Add(name))
                {
                    open.Push(source);
                }
            }
        }
    }
}
