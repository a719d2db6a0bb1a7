using System.Globalization;
using Slipway.Core;
using Slipway.Pipelines.Expressions;
using Slipway.TestKit.Fakes;

namespace Slipway.Pipelines.Tests.Expressions;

public sealed class RulesProgramTests
{
    private static readonly Tensor Probability = TestTensors.Of("probability", TensorDataType.Float32, [3, 2], 0.1f, 0.9f, 0.6f, 0.4f, 0.05f, 0.95f);
    private static readonly Tensor Amount = TestTensors.Of("amount", TensorDataType.Int64, [3], 20_000L, 20_000L, 10L);

    [Fact]
    public void The_rule_that_everybody_wants_decides_row_by_row() => Assert.Equal(
        ["review", "approve", "approve"],
        ProgramRunner.Run("decision = if probability[1] > 0.8 and amount > 10000 then \"review\" else \"approve\"", Probability, Amount));

    [Theory]
    [InlineData("a = 7 // 2", 3L)]
    [InlineData("a = -7 // 2", -4L)]
    [InlineData("a = -7 % 3", 2L)]
    [InlineData("a = 7 % -3", -2L)]
    [InlineData("a = 7 / 2", 3.5)]
    [InlineData("a = 1 / 0", double.PositiveInfinity)]
    [InlineData("a = 1 + 2 * 3 - 4", 3L)]
    [InlineData("a = 10 - 2 - 3", 5L)]
    [InlineData("a = nan == nan", false)]
    [InlineData("a = nan != nan", true)]
    [InlineData("a = nan < 1 or nan >= 1", false)]
    [InlineData("a = 9007199254740993 == 9007199254740992.0", false)]
    [InlineData("a = 9007199254740993 > 9007199254740992.0", true)]
    [InlineData("a = 9223372036854775807 < 9223372036854775808.0", true)]
    [InlineData("a = missing(nan) and missing(\"\") and not missing(0)", true)]
    [InlineData("a = coalesce(nan, 2.5)", 2.5)]
    [InlineData("a = coalesce(nan, 2)", 2.0)]
    [InlineData("a = round(2.5)", 2.0)]
    [InlineData("a = round(1.25, 1)", 1.2)]
    [InlineData("a = int(-2.9)", -2L)]
    [InlineData("a = max(1, 2.5, 2)", 2.5)]
    [InlineData("a = max(1, 3, 2)", 3L)]
    [InlineData("a = min(1.0, nan)", double.NaN)]
    [InlineData("a = length(\"a𝄞\")", 2L)]
    [InlineData("a = lower(\"ÄB\") + upper('c')", "äbC")]
    [InlineData("a = \"b\" in [\"a\", \"b\"]", true)]
    [InlineData("a = 2 not in [1, 2.0]", false)]
    [InlineData("a = let b = 2 in b * b + (let b = 3 in b)", 7L)]
    [InlineData("a = sum(i * i for i in 0..4)", 14L)]
    [InlineData("a = mean(i for i in 0..4)", 1.5)]
    [InlineData("a = count(i % 2 == 0 for i in 0..5)", 3L)]
    [InlineData("a = sum(i for i in 3..3)", 0L)]
    [InlineData("a = any(i == 9 for i in 0..4)", false)]
    [InlineData("a = clamp(12, 0, 10)", 10L)]
    [InlineData("a = if 0 != 0 then 1 // 0 else 5", 5L)]
    [InlineData("a = 0 == 1 and 1 // 0 == 1", false)]
    [InlineData("a = 1 == 1 or 1 // 0 == 1", true)]
    [InlineData("a = number(\"12.5\") + number(\"none\")", double.NaN)]
    [InlineData("a = text(0.1)", "0.1")]
    [InlineData("let b = 2 # a comment\na = b\n    + 1", 3L)]
    [InlineData("let b = 2; a = b", 2L)]
    [InlineData("a = starts_with(\"abc\", \"ab\") and contains(\"abc\", \"b\") and not ends_with(\"abc\", \"b\")", true)]
    public void Values_are_as_the_language_defines_them(string rules, object expected) => Assert.Equal(expected, Assert.Single(ProgramRunner.Run(rules)));

    [Theory]
    [InlineData("a = 9223372036854775807 + 1", "64 bits")]
    [InlineData("a = 1 // 0", "divided by zero")]
    [InlineData("a = int(nan)", "whole part")]
    [InlineData("a = abs(-9223372036854775807 - 1)", "64 bits")]
    public void What_can_not_be_computed_fails_and_names_the_definition(string rules, string message)
    {
        SlipwayException failure = Assert.Throws<SlipwayException>(() => ProgramRunner.Run(rules));
        Assert.Equal(ErrorCode.InvalidRequest, failure.Code);
        Assert.StartsWith("'a': ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = max(probability)", 0.9f)]
    [InlineData("a = min(probability)", 0.1f)]
    [InlineData("a = probability[0]", 0.1f)]
    [InlineData("a = sum(probability[i] for i in 0..length(probability))", 1.0)]
    public void Vectors_of_a_row_are_read_by_element_and_as_a_whole(string rules, double expected) =>
        Assert.Equal(expected, (double)ProgramRunner.Run(rules, Probability)[0], 6);

    [Fact]
    public void The_index_of_the_best_element_and_the_length_are_whole_numbers()
    {
        Assert.Equal([1L, 0L, 1L], ProgramRunner.Run("a = argmax(probability)", Probability));
        Assert.Equal([2L, 2L, 2L], ProgramRunner.Run("a = length(probability)", Probability));
    }

    [Theory]
    [InlineData("a = ", "line 1, column 5: a value is expected before the end")]
    [InlineData("a = 1 +\n  * 2", "line 2, column 3: a value is expected, not '*'")]
    [InlineData("a = if x = 1 then 2 else 3", "equality is written ==")]
    [InlineData("a = 1 < 2 < 3", "column 11: comparisons can't be chained")]
    [InlineData("a = while true", "unbounded")]
    [InlineData("for i in 0..3 a = i", "unbounded")]
    [InlineData("a = sum(1 for i in 0..9999999)", "unbounded")]
    [InlineData("a = sum(1 for i in 0..length(s))", "unbounded")]
    [InlineData("a = sum(1 for i in 0..amount)", "unbounded")]
    [InlineData("a = sum(sum(sum(1 for i in 0..1000) for j in 0..1000) for k in 0..1000)", "unbounded")]
    [InlineData("a = 1 + \"b\"", "'+' takes numbers, not a text")]
    [InlineData("a = \"b\" < \"c\"", "compares numbers, not a text")]
    [InlineData("a = true == 1", "true or false is compared with a whole number")]
    [InlineData("a = if 1 then 2 else 3", "'if' takes true or false, not a whole number")]
    [InlineData("a = if true then 2 else \"b\"", "one is a whole number, the other a text")]
    [InlineData("a = nothing(1)", "there is no function 'nothing'")]
    [InlineData("a = abs(1, 2)", "'abs' takes 1 arguments, not 2")]
    [InlineData("a = probability", "2 values in each row")]
    [InlineData("a = probability[2]", "index 2 lies outside of 'probability'")]
    [InlineData("a = probability[-1]", "index -1 lies outside")]
    [InlineData("a = probability[0.5]", "an index is a whole number")]
    [InlineData("a = 1\na = 2", "'a' is defined twice")]
    [InlineData("a = 99999999999999999999", "beyond 64 bits")]
    [InlineData("a = \"open", "on the same line")]
    [InlineData("let a = 1", "at least one definition")]
    [InlineData("", "at least one definition")]
    [InlineData("a = 1 & 2", "'and' and 'or' are written as words")]
    [InlineData("a = 7.5 // 2", "divides whole numbers")]
    public void A_wrong_text_is_refused_with_its_place(string rules, string message)
    {
        SlipwayException failure = Assert.Throws<SlipwayException>(() => ProgramRunner.Compile(rules, [Probability, Amount, TestTensors.Strings("s", [3], "a", "b", "c"), TestTensors.Of("x", TensorDataType.Int64, [3], 1L, 2L, 3L)]));
        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
        Assert.StartsWith("line ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_and_long_texts_are_refused_rather_than_exhaust_the_stack()
    {
        foreach (string text in new[]
        {
            "a = " + new string('(', 100_000), "a = " + new string('-', 60_000) + "1", "a = " + string.Concat(Enumerable.Repeat("not ", 10_000)) + "true",
            "a = " + string.Join(" + ", Enumerable.Repeat("1", 10_000)), "a = " + string.Concat(Enumerable.Repeat("if true then ", 2_000)), "a = x" + string.Concat(Enumerable.Repeat("[0]", 10_000)),
        })
        {
            Assert.Equal(ErrorCode.InvalidConfiguration, Assert.Throws<SlipwayException>(() => Parser.ReadRules(text)).Code);
        }
    }

    [Fact]
    public void A_text_that_doubles_again_and_again_is_refused_when_it_is_too_long()
    {
        string rules = "let a0 = \"0123456789\"\n" + string.Concat(Enumerable.Range(0, 40).Select(static i => $"let a{i + 1} = a{i} + a{i}\n")) + "b = a40";
        Assert.Contains("longer than", Assert.Throws<SlipwayException>(() => ProgramRunner.Run(rules)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_fail()
    {
        Tensor bad = TestTensors.Bytes("s", [1], [0xff, 0xfe]);
        Assert.Contains("UTF-8", Assert.Throws<SlipwayException>(() => ProgramRunner.Run("a = s == \"x\"", bad)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_rows_than_the_step_limit_allows_are_refused_at_once()
    {
        RulesProgram program = ProgramRunner.Compile("a = sum(i for i in 0..10000)", []);
        Assert.Equal(ErrorCode.PayloadTooLarge, Assert.Throws<SlipwayException>(() => program.Run([], 10_000_000, [ColumnWriter.Of(program.Outputs[0], static _ => { })], CancellationToken.None)).Code);
    }

    [Fact]
    public void Compiled_and_walked_give_the_same_for_thousands_of_expressions_and_rows()
    {
        const int Rows = 300;
        Random random = new(20_260_101);
        RandomExpressions expressions = new(random);

        // Rows with extremes and zeros fail nearly every expression that computes with them: most expressions get calm ones.
        long[] calm = [.. Enumerable.Range(0, Rows * 2).Select(_ => (long)random.Next(1, 50) * (random.Next(2) == 0 ? 1 : -1))];
        long[] wild = [.. calm.Select(value => random.Next(5) == 0 ? long.MinValue + random.Next(3) : value + 1)];
        double[] numbers = [.. Enumerable.Range(0, Rows * 2).Select(_ => random.Next(6) switch { 0 => double.NaN, 1 => double.NegativeInfinity, 2 => random.Next(-5, 5), _ => (random.NextDouble() - 0.5) * 100 })];
        bool[] truths = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(2) == 0)];
        string[] texts = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(3) switch { 0 => "", 1 => "Ab", _ => "ä𝄞" })];
        Tensor[] Columns(long[] wholes) =>
        [
            TestTensors.Of("i", TensorDataType.Int64, [Rows], wholes[..Rows]), TestTensors.Of("j", TensorDataType.Int64, [Rows], wholes[Rows..]),
            TestTensors.Of("x", TensorDataType.Float64, [Rows], numbers[..Rows]), TestTensors.Of("y", TensorDataType.Float64, [Rows], numbers[Rows..]),
            TestTensors.Of("t", TensorDataType.Bool, [Rows], truths), TestTensors.Strings("s", [Rows], texts),
        ];
        int compared = 0;
        for (int i = 0; i < 2_000; i++)
        {
            string text = expressions.Any(random.Next(1, 5));
            long[] wholes = i % 4 == 0 ? wild : calm;
            Syntax syntax = Parser.ReadExpression(text);
            object?[] expected = [.. Enumerable.Range(0, Rows).Select(row => Reference.Evaluate(syntax, new Dictionary<string, object>
            {
                ["i"] = wholes[row], ["j"] = wholes[Rows + row], ["x"] = numbers[row], ["y"] = numbers[Rows + row], ["t"] = truths[row], ["s"] = texts[row],
            }))];
            object[]? actual = null;
            try
            {
                actual = ProgramRunner.Run($"a = {text}", Columns(wholes));
            }
            catch (SlipwayException failure)
            {
                Assert.True(expected.Contains(null), string.Create(CultureInfo.InvariantCulture, $"expression {i}: {text}: {failure.Message}"));
            }

            if (actual is not null)
            {
                for (int row = 0; row < Rows; row++)
                {
                    Assert.True(Equals(expected[row], actual[row]), string.Create(CultureInfo.InvariantCulture, $"expression {i}, row {row}: {text}: {expected[row]} and {actual[row]}"));
                }

                compared++;
            }
        }

        Assert.True(compared > 200, $"{compared} of 2000 could be compared");
    }
}
