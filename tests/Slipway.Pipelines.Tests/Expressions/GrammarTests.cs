using Slipway.Core;
using Slipway.Pipelines.Expressions;

namespace Slipway.Pipelines.Tests.Expressions;

/// <summary>The parser takes what the documentation says, and nothing else.</summary>
public sealed class GrammarTests
{
    private static readonly string[] Words =
        ["if", "then", "else", "let", "in", "for", "and", "or", "not", "true", "nan", "a", "b", "sum", "=", "==", "<", "+", "-", "*", "//", "%", "(", ")", "[", "]", ",", ";", ".", "..", "1", "2.5", "\"t\""];

    [Fact]
    public void Every_sentence_of_the_documented_grammar_is_taken()
    {
        DocumentedGrammar grammar = DocumentedGrammar.Read();
        Random random = new(20_261_122);
        int longer = 0;
        for (int i = 0; i < 1_500; i++)
        {
            string text = string.Join(' ', grammar.Make(random, random.Next(2, 16)));

            // The limits are no matter of the grammar either.
            if (text.Length < 3_000 && !IsTaken(text, out string? reason))
            {
                Assert.True(reason!.Contains("within each other", StringComparison.Ordinal) || reason.Contains("nested more", StringComparison.Ordinal), $"sentence {i}: {text}: {reason}");
            }

            longer += text.Length is > 60 and < 3_000 ? 1 : 0;
        }

        Assert.True(longer > 100, $"{longer} of 1500 are long");
    }

    [Fact]
    public void Whatever_else_is_changed_in_a_sentence_parser_and_grammar_agree()
    {
        DocumentedGrammar grammar = DocumentedGrammar.Read();
        Random random = new(20_261_123);
        int taken = 0;
        for (int i = 0; i < 3_000; i++)
        {
            List<string> words = grammar.Make(random, random.Next(2, 14));
            if (words.Count > 60)
            {
                continue;
            }

            for (int changes = random.Next(1, 3); changes > 0; changes--)
            {
                int at = random.Next(words.Count);
                switch (random.Next(3))
                {
                    case 0:
                        words[at] = Words[random.Next(Words.Length)];
                        break;
                    case 1:
                        words.Insert(at, Words[random.Next(Words.Length)]);
                        break;
                    case 2 when words.Count > 1:
                        words.RemoveAt(at);
                        break;
                }
            }

            string text = string.Join(' ', words);
            bool isTaken = IsTaken(text, out string? reason);
            Assert.True(grammar.Has(Lexer.Read(text)) == isTaken, $"change {i}: {text}: the grammar says {!isTaken}, the parser {reason ?? "takes it"}");
            taken += isTaken ? 1 : 0;
        }

        Assert.InRange(taken, 100, 2_900);
    }

    // That something is to be an output is no matter of the grammar.
    private static bool IsTaken(string text, out string? reason)
    {
        try
        {
            Parser.ReadRules(text);
            reason = null;
            return true;
        }
        catch (SlipwayException failure)
        {
            Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
            reason = failure.Message;
            return failure.Message.Contains("at least one definition", StringComparison.Ordinal) && text.Contains('=', StringComparison.Ordinal);
        }
    }
}
