namespace Slipway.TensorFlow.Drafting;

/// <summary>Finds what terms are made of.</summary>
internal static class Reachable
{
    /// <summary>The terms and all that they need, bodies of loops and branches included.</summary>
    public static IReadOnlySet<Term> From(IEnumerable<Term> terms)
    {
        HashSet<Term> seen = [];
        Stack<Term> open = new(terms);
        while (open.TryPop(out Term? term))
        {
            if (!seen.Add(term))
            {
                continue;
            }

            if (term.Alias is { } alias)
            {
                open.Push(alias);
            }

            foreach (Term? input in term.Producer?.Inputs ?? [])
            {
                if (input is not null)
                {
                    open.Push(input);
                }
            }

            foreach (Term output in (term.Producer?.Bodies ?? []).SelectMany(static body => body.Outputs))
            {
                open.Push(output);
            }
        }

        return seen;
    }
}
