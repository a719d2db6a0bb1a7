using Slipway.TensorFlow.Evaluation;

namespace Slipway.TensorFlow;

/// <summary>Says what is not supported, all at once.</summary>
internal static class ProblemText
{
    private const int MaxNodes = 3;
    private const int MaxLines = 40;

    /// <summary>One sentence that names each operator and where it stands.</summary>
    public static string Of(IReadOnlyList<Problem> problems) => $"the SavedModel can't be converted: {string.Join("; ", Lines(problems))}";

    /// <summary>One line for each operator and reason.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<Problem> problems)
    {
        IGrouping<(string Operation, string Reason), Problem>[] groups = [.. problems.GroupBy(static problem => (problem.Operation, problem.Reason))];
        foreach (IGrouping<(string Operation, string Reason), Problem> group in groups.Take(MaxLines))
        {
            string[] nodes = [.. group.Select(static problem => problem.Node)];
            string where = string.Join(", ", nodes.Take(MaxNodes).Select(static node => $"'{node}'")) + (nodes.Length > MaxNodes ? $" and {nodes.Length - MaxNodes} more" : "");
            yield return group.Key.Reason.Length == 0
                ? $"operator {group.Key.Operation} (node {where}) is not supported"
                : $"{group.Key.Operation} (node {where}): {group.Key.Reason}";
        }

        if (groups.Length > MaxLines)
        {
            yield return $"and {groups.Length - MaxLines} more";
        }
    }
}
