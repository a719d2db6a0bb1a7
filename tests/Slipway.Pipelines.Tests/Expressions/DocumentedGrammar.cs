using System.Text.RegularExpressions;
using Slipway.Pipelines.Expressions;
using Slipway.TestKit;

namespace Slipway.Pipelines.Tests.Expressions;

/// <summary>The grammar as docs/pipelines.md has it: makes sentences of it and says whether tokens are one, so that the parser can be held to it. Small and slow on purpose.</summary>
internal sealed partial class DocumentedGrammar
{
    private const int Endless = 1000;
    private const int MaxWords = 150;

    private static readonly Dictionary<string, string[]> Lexical = new()
    {
        ["name"] = ["a", "b", "longer_name", "sum"],
        ["whole"] = ["0", "7", "12"],
        ["number"] = ["1.5", "2e3"],
        ["text"] = ["\"t\"", "'u'"],
    };

    private readonly Dictionary<string, Part> _rules = [];
    private readonly Dictionary<Part, int> _heights = [];

    private DocumentedGrammar(IEnumerable<string> lines)
    {
        foreach (string[] sides in lines.Select(static line => line.Split(" = ", 2)))
        {
            string[] symbols = [.. Symbol().Matches(sides[1]).Select(static match => match.Value)];
            int at = 0;
            _rules[sides[0].Trim()] = ReadChoice(symbols, ref at);
        }

        // Until nothing changes: how deep the shallowest sentence of each part is.
        for (int round = 0; round < _rules.Count; round++)
        {
            foreach (Part part in _rules.Values)
            {
                Measure(part);
            }
        }
    }

    private abstract record Part;

    private sealed record Word(string Text) : Part;

    private sealed record Rule(string Name) : Part;

    private sealed record Choice(IReadOnlyList<Part> Parts) : Part;

    private sealed record Row(IReadOnlyList<Part> Parts) : Part;

    private sealed record Any(Part Inner, bool IsOnce) : Part;

    public static DocumentedGrammar Read()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "pipelines.md")).ReplaceLineEndings("\n");
        int start = text.IndexOf("```ebnf\n", StringComparison.Ordinal) + "```ebnf\n".Length;
        return new DocumentedGrammar(text[start..text.IndexOf("```", start, StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A sentence as words.</summary>
    public List<string> Make(Random random, int depth)
    {
        List<string> words = [];
        Make(_rules["rules"], random, depth, words);
        return words;
    }

    /// <summary>Whether tokens, an end behind them, are a sentence.</summary>
    public bool Has(List<Token> tokens) => Ends(_rules["rules"], tokens, 0, []).Contains(tokens.Count - 1);

    [GeneratedRegex("\"[^\"]+\"|[a-z]+|[{}()|\\[\\]]")]
    private static partial Regex Symbol();

    private static Choice ReadChoice(string[] symbols, ref int at)
    {
        List<Part> choices = [];
        do
        {
            List<Part> row = [];
            while (at < symbols.Length && symbols[at] is not ("|" or "}" or "]" or ")"))
            {
                string symbol = symbols[at++];
                row.Add(symbol switch
                {
                    "{" => new Any(ReadInner(symbols, ref at), IsOnce: false),
                    "[" => new Any(ReadInner(symbols, ref at), IsOnce: true),
                    "(" => ReadInner(symbols, ref at),
                    _ when symbol[0] == '"' => new Word(symbol[1..^1]),
                    _ => new Rule(symbol),
                });
            }

            choices.Add(new Row(row));
        }
        while (at < symbols.Length && symbols[at] == "|" && at++ >= 0);
        return new Choice(choices);
    }

    private static Choice ReadInner(string[] symbols, ref int at)
    {
        Choice inner = ReadChoice(symbols, ref at);
        at++;
        return inner;
    }

    private int Measure(Part part) => _heights[part] = part switch
    {
        Rule rule => 1 + (_rules.TryGetValue(rule.Name, out Part? named) ? _heights.GetValueOrDefault(named, Endless) : 0),
        Choice choice => choice.Parts.Select(Measure).ToArray().Min(),
        Row row => row.Parts.Select(Measure).ToArray().DefaultIfEmpty().Max(),
        Any any => Skipped(any),
        _ => 0,
    };

    // What may be left out costs nothing.
    private int Skipped(Any any)
    {
        Measure(any.Inner);
        return 0;
    }

    private void Make(Part part, Random random, int depth, List<string> words)
    {
        depth = words.Count > MaxWords ? 0 : depth;
        switch (part)
        {
            case Word word:
                words.Add(word.Text);
                break;
            case Rule rule when Lexical.TryGetValue(rule.Name, out string[]? some):
                words.Add(some[random.Next(some.Length)]);
                break;
            case Rule rule:
                Make(_rules[rule.Name], random, depth - 1, words);
                break;
            case Choice choice:
                Part[] fitting = [.. choice.Parts.Where(one => _heights[one] <= Math.Max(depth, _heights[choice]))];
                Make(fitting[random.Next(fitting.Length)], random, depth, words);
                break;
            case Row row:
                foreach (Part one in row.Parts)
                {
                    Make(one, random, depth, words);
                }

                break;
            case Any any:
                for (int times = depth <= 0 ? 0 : random.Next(any.IsOnce ? 2 : 3); times > 0; times--)
                {
                    Make(any.Inner, random, depth, words);
                }

                break;
        }
    }

    // Every place at which what begins at one place may end.
    private HashSet<int> Ends(Part part, List<Token> tokens, int at, Dictionary<(Part, int), HashSet<int>> known)
    {
        if (known.TryGetValue((part, at), out HashSet<int>? before))
        {
            return before;
        }

        return known[(part, at)] = part switch
        {
            Word word => tokens[at].Kind is TokenKind.Name or TokenKind.Word or TokenKind.Sign && tokens[at].Text == word.Text ? [at + 1] : [],
            Rule { Name: "name" } => tokens[at].Kind == TokenKind.Name ? [at + 1] : [],
            Rule { Name: "whole" } => tokens[at].Kind == TokenKind.Integer ? [at + 1] : [],
            Rule { Name: "number" } => tokens[at].Kind == TokenKind.Number ? [at + 1] : [],
            Rule { Name: "text" } => tokens[at].Kind == TokenKind.Text ? [at + 1] : [],
            Rule rule => Ends(_rules[rule.Name], tokens, at, known),
            Choice choice => [.. choice.Parts.SelectMany(one => Ends(one, tokens, at, known))],
            Row row => row.Parts.Aggregate((HashSet<int>)[at], (places, one) => [.. places.SelectMany(place => Ends(one, tokens, place, known))]),
            Any { IsOnce: true } any => [at, .. Ends(any.Inner, tokens, at, known)],
            Any any => Repeat(any.Inner, tokens, at, known),
            _ => throw new InvalidOperationException(part.ToString()),
        };
    }

    private HashSet<int> Repeat(Part inner, List<Token> tokens, int at, Dictionary<(Part, int), HashSet<int>> known)
    {
        HashSet<int> all = [at];
        Queue<int> open = new([at]);
        while (open.TryDequeue(out int place))
        {
            foreach (int end in Ends(inner, tokens, place, known).Where(all.Add))
            {
                open.Enqueue(end);
            }
        }

        return all;
    }
}
