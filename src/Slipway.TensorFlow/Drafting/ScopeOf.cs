namespace Slipway.TensorFlow.Drafting;

/// <summary>Finds what a body takes from the graphs around it.</summary>
internal static class ScopeOf
{
    /// <summary>Scopes of the outer terms that a body uses.</summary>
    public static IEnumerable<Scope> Captured(StepBody body) => OuterTerms(body).Select(static term => term.Scope);

    /// <summary>The outer terms that a body uses, constants left out.</summary>
    public static IReadOnlyList<Term> OuterTerms(StepBody body)
    {
        HashSet<Term> seen = [];
        List<Term> outer = [];
        Stack<Term> open = new(body.Outputs);
        while (open.TryPop(out Term? term))
        {
            if (term.IsConstant || !seen.Add(term))
            {
                continue;
            }

            if (term.Scope.Depth < body.Scope.Depth)
            {
                outer.Add(term);
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

            foreach (StepBody inner in term.Producer?.Bodies ?? [])
            {
                foreach (Term used in OuterTerms(inner))
                {
                    open.Push(used);
                }
            }
        }

        return outer;
    }
}
