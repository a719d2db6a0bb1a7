using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Transformations;

/// <summary>How often a term occurs in a text (<c>TextIndex</c>).</summary>
internal static class TextIndexCompiler
{
    /// <summary>Compiles one.</summary>
    public static Expression Compile(PmmlElement element, Scope scope, PlanBuilder plan)
    {
        Expression text = scope.Get(element.Required("textField"), element).Value.To(PmmlType.String);
        Expression term = ExpressionCompiler.CompileIn(element, scope, plan)?.To(PmmlType.String) ?? throw PmmlError.Invalid(element, "has no term");
        string weights = element.Attribute("localTermWeights") ?? "termFrequency";
        int distance = element.Integer("maxLevenshteinDistance") ?? 0;
        bool isBest = element.Attribute("countHits") switch
        {
            null or "allHits" => false,
            "bestHits" => true,
            var other => throw PmmlError.Invalid(element, $"has countHits=\"{other}\": expected allHits or bestHits"),
        };
        if (weights is not ("termFrequency" or "binary" or "logarithmic" or "augmentedNormalizedTermFrequency"))
        {
            throw PmmlError.NotSupported(element, $"localTermWeights=\"{weights}\"");
        }

        TextTokenizer tokenizer = plan.Shared(element, static each => new TextTokenizer(each));
        return new DelegateExpression(weights is "termFrequency" or "binary" ? PmmlType.Integer : PmmlType.Double, frame =>
        {
            double document = text.Evaluate(frame);
            double sought = term.Evaluate(frame);
            if (Cell.IsMissing(document) || Cell.IsMissing(sought))
            {
                return Cell.Missing;
            }

            string[] words = Words(frame, tokenizer, document);
            string[] wanted = Words(frame, tokenizer, sought);
            int hits = Count(words, wanted, distance, isBest);
            return weights switch
            {
                "binary" => hits > 0 ? 1 : 0,
                "logarithmic" => Math.Log10(1 + hits),
                "augmentedNormalizedTermFrequency" => hits > 0 ? 0.5 * (1 + (hits / (double)MostFrequent(words))) : 0,
                _ => hits,
            };
        });
    }

    // Many terms are sought in the same text, one call each.
    private static string[] Words(Frame frame, TextTokenizer tokenizer, double code)
    {
        if (!frame.Scratch.TryGetValue((tokenizer, code), out object? words))
        {
            words = tokenizer.Words(frame.Symbols.Text(code));
            frame.Scratch.Add((tokenizer, code), words);
        }

        return (string[])words;
    }

    private static int Count(string[] words, string[] wanted, int maxDistance, bool isBest)
    {
        if (wanted.Length == 0)
        {
            return 0;
        }

        int hits = 0;
        int best = maxDistance;
        for (int start = 0; start + wanted.Length <= words.Length; start++)
        {
            int distance = 0;
            for (int i = 0; i < wanted.Length && distance <= maxDistance; i++)
            {
                distance += EditDistance.Of(words[start + i], wanted[i], maxDistance);
            }

            if (distance > (isBest ? best : maxDistance))
            {
                continue;
            }

            hits = isBest && distance < best ? 1 : hits + 1;
            best = Math.Min(best, distance);
        }

        return hits;
    }

    private static int MostFrequent(string[] words) =>
        words.Length == 0 ? 1 : words.GroupBy(static word => word, StringComparer.Ordinal).Max(static group => group.Count());
}
