using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Registry;

/// <summary>Prompts share the registry with models, told apart by a tag; searches for models don't show them.</summary>
internal static class Prompts
{
    /// <summary>The clauses, with prompts left out unless they ask for prompts themselves.</summary>
    public static IReadOnlyList<SearchClause> LeaveOut(IReadOnlyList<SearchClause> clauses)
    {
        bool asked = false;
        List<SearchClause> kept = new(clauses.Count + 1);
        foreach (SearchClause clause in clauses)
        {
            if (clause is not { Field: SearchField.Tag, Key: MlflowTags.IsPrompt })
            {
                kept.Add(clause);
            }
            else if (!SaysNoPrompt(clause))
            {
                kept.Add(clause);
                asked = true;
            }
        }

        if (!asked)
        {
            kept.Add(new SearchClause(SearchField.Tag, MlflowTags.IsPrompt, SearchOperator.IsNull, []));
        }

        return kept;
    }

    /// <summary>Whether a source is the word that clients give for a prompt, which has no files: no scheme and no path.</summary>
    public static bool IsPlaceholder(string source) => !source.AsSpan().ContainsAny("/\\:");

    // A model without the tag is no prompt, although comparisons with a missing tag never hold.
    private static bool SaysNoPrompt(SearchClause clause) => clause.Values is [{ Text: { } text }]
        && ((clause.Operator == SearchOperator.Equal && text == "false") || (clause.Operator == SearchOperator.NotEqual && text == "true"));
}
