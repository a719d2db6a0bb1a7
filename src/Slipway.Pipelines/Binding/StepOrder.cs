namespace Slipway.Pipelines.Binding;

/// <summary>Puts steps behind those that they read from. Pure.</summary>
internal static class StepOrder
{
    private enum Mark : byte
    {
        New,
        Open,
        Done,
    }

    /// <summary>The steps in order, those without reason to come later as they stand; null when there is a cycle, which is told.</summary>
    /// <param name="sources">For each step the steps that it reads from.</param>
    /// <param name="cycle">The cycle, its first step again at the end.</param>
    public static IReadOnlyList<int>? Sort(IReadOnlyList<IReadOnlyList<int>> sources, out IReadOnlyList<int> cycle)
    {
        List<int> order = [];
        Mark[] marks = new Mark[sources.Count];
        cycle = [];
        for (int start = 0; start < sources.Count; start++)
        {
            // Depth-first without recursion: a chain of steps may be long.
            Stack<(int Step, int Next)> path = [];
            if (marks[start] == Mark.New)
            {
                path.Push((start, 0));
                marks[start] = Mark.Open;
            }

            while (path.TryPop(out (int Step, int Next) at))
            {
                if (at.Next == sources[at.Step].Count)
                {
                    marks[at.Step] = Mark.Done;
                    order.Add(at.Step);
                    continue;
                }

                path.Push((at.Step, at.Next + 1));
                int source = sources[at.Step][at.Next];
                if (marks[source] == Mark.Open)
                {
                    int[] open = [.. path.Select(static entry => entry.Step)];
                    cycle = [.. open.Take(Array.IndexOf(open, source) + 1).Prepend(source)];
                    return null;
                }

                if (marks[source] == Mark.New)
                {
                    marks[source] = Mark.Open;
                    path.Push((source, 0));
                }
            }
        }

        return order;
    }
}
