using System.Text;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Expressions;
using Slipway.TestKit.Fakes;
using static Slipway.Pipelines.Tests.Pipelines;

namespace Slipway.Pipelines.Tests.Expressions;

/// <summary>Texts and values that mean harm: refused or computed, never a crash, a hang or memory without end.</summary>
public sealed class ExpressionLimitTests
{
    [Fact]
    public void Pieces_within_pieces_are_counted_however_they_lean()
    {
        // Each bracket stands on the right of the first of many operators: neither brackets nor rows of operators are many, their product is.
        StringBuilder text = new("a = ");
        for (int i = 0; i < 90; i++)
        {
            text.Append("1+(");
        }

        text.Append('1');
        for (int i = 0; i < 90; i++)
        {
            text.Append(')').Append(string.Concat(Enumerable.Repeat("+1", 190)));
        }

        Assert.Contains("operators within each other", Assert.Throws<SlipwayException>(() => Parser.ReadRules(text.ToString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_deepest_texts_allowed_are_computed_on_a_small_stack()
    {
        string chain = "a = " + string.Join(" + ", Enumerable.Repeat("i", 290));
        string nested = "a = " + string.Concat(Enumerable.Repeat("if i > 0 then i else ", 98)) + "0";
        string many = $"a = i in [{string.Join(", ", Enumerable.Range(0, 9_000))}]";
        Exception? fault = null;
        Thread small = new(
            () =>
            {
                try
                {
                    Tensor one = TestTensors.Of("i", TensorDataType.Int64, [2], 1L, 8_999L);
                    Assert.Equal([290L, 290L * 8_999], ProgramRunner.Run(chain, one));
                    Assert.Equal([1L, 8_999L], ProgramRunner.Run(nested, one));
                    Assert.Equal([true, true], ProgramRunner.Run(many, one));
                }
                catch (Exception exception)
                {
                    fault = exception;
                }
            },
            512 << 10);
        small.Start();
        small.Join();
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("a = i not in [1, 3]", new[] { false, true, false })]
    [InlineData("a = i in [x, 2]", new[] { true, true, false })]
    [InlineData("a = i in [5, 1, 1 // (i - 3)]", new[] { true, false, false })]
    public void A_list_is_gone_through_as_far_as_it_is_wanted(string rules, bool[] expected)
    {
        Tensor[] columns = [TestTensors.Of("i", TensorDataType.Int64, [3], 1L, 2L, 3L), TestTensors.Of("x", TensorDataType.Float64, [3], 1.0, 9.0, double.NaN)];
        if (rules.Contains("//", StringComparison.Ordinal))
        {
            // The third row divides by zero, the first is decided before.
            Assert.Contains("divided by zero", Assert.Throws<SlipwayException>(() => ProgramRunner.Run(rules, columns)).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(expected.Cast<object>(), ProgramRunner.Run(rules, columns));
    }

    [Theory]
    [InlineData("a = 5b", "'5b' is neither a number nor a name")]
    [InlineData("a = 0x10", "'0x' is neither")]
    [InlineData("a = 1.5e", "is no number")]
    [InlineData("a = 1e999", "is no number")]
    [InlineData("a = größe", "names have letters from a to z")]
    [InlineData("a = 😀", "'😀' means nothing here")]
    [InlineData("a = \"\\u0041\"", "\\u means nothing")]
    [InlineData("a = 'it's'", "")]
    [InlineData("a = \u0000", "means nothing here")]
    [InlineData("a = `", "backquotes")]
    [InlineData("a = ``", "backquotes")]
    [InlineData("a = x..y", "")]
    [InlineData("= 1", "'=' defines")]
    [InlineData("a == 1", "'=' is expected")]
    [InlineData("a = ()", "a value is expected")]
    [InlineData("a = 2 ** 3", "a value is expected, not '*'")]
    [InlineData("a = i in []", "a value is expected, not ']'")]
    [InlineData("a = (1, 2)", "')' is expected")]
    [InlineData("a = eval(\"1\")", "there is no function 'eval'")]
    [InlineData("a = a", "no 'a'")]
    public void Texts_that_are_none_of_the_language_are_refused_with_their_place(string rules, string message)
    {
        SlipwayException failure = Assert.Throws<SlipwayException>(() => ProgramRunner.Compile(rules, [TestTensors.Of("i", TensorDataType.Int64, [1], 1L)]));
        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
        Assert.StartsWith("line 1, column ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = 2 + 3 * 4 == 14 and not 1 > 2 or false", true)]
    [InlineData("a = not 1 == 2", true)]
    [InlineData("a = -2 % 3", 1L)]
    [InlineData("a = - - 2", 2L)]
    [InlineData("a = 7 - -3", 10L)]
    [InlineData("a = 8 // 2 * 3", 12L)]
    [InlineData("a = true or false and false", true)]
    [InlineData("a = if true then 1 else 2 + 10", 1L)]
    [InlineData("a = (if true then 1 else 2) + 10", 11L)]
    [InlineData("a = -9223372036854775807 - 1", long.MinValue)]
    [InlineData("a = 0.0 / 0.0", double.NaN)]
    [InlineData("a = -1 / 0", double.NegativeInfinity)]
    [InlineData("a = 1 / 3 * 3 == 1.0", true)]
    [InlineData("a = .5 + 1. + 1e1", 11.5)]
    [InlineData("a = nan in [nan, 1.0]", false)]
    [InlineData("a = inf > 9223372036854775807", true)]
    [InlineData("a = sqrt(-1.0)", double.NaN)]
    [InlineData("a = max(nan, 1.0)", double.NaN)]
    [InlineData("a = \"a\\tb\\n\\\"c\\\\\" == 'a\tb' + '\\n\"c\\\\'", true)]
    [InlineData("a = \"é\" == \"e\u0301\"", false)]
    [InlineData("a = length(\"👩‍👩‍👧\")", 5L)]
    [InlineData("a = contains(\"aé😀\", \"😀\")", true)]
    public void Precedence_numbers_and_texts_are_as_documented(string rules, object expected) => Assert.Equal(expected, Assert.Single(ProgramRunner.Run(rules)));

    [Fact]
    public void Texts_are_bounded_and_so_is_what_is_looked_for_in_them()
    {
        Tensor whole = TestTensors.Strings("s", [1], new string('a', 64 << 10));
        Assert.Equal([true], ProgramRunner.Run("a = starts_with(s, \"aa\")", whole));
        Assert.Contains("longer than 65536", Assert.Throws<SlipwayException>(() => ProgramRunner.Run("a = s", TestTensors.Strings("s", [1], new string('a', (64 << 10) + 1)))).Message, StringComparison.Ordinal);
        Assert.Contains("longer than 65536", Assert.Throws<SlipwayException>(() => ProgramRunner.Run("a = s", TestTensors.Strings("s", [1], new string('a', 1 << 20)))).Message, StringComparison.Ordinal);
        Assert.Contains("at most 1024", Assert.Throws<SlipwayException>(() => ProgramRunner.Run("a = contains(s, t)", whole, TestTensors.Strings("t", [1], new string('a', 1025)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_that_grow_are_counted_while_they_are_written()
    {
        PipelineDefinition pipeline = Of([new TensorSignature("s", TensorDataType.String, new TensorShape(-1))], [Step("r", new RulesBody($"y = s + \"{new string('x', 60_000)}\""))], ("y", "r.y"));
        using PipelineRunner runner = new(pipeline with { MaxBytes = 1 << 20 }, new FakeInference());
        Tensor few = TestTensors.Strings("s", [5], "a", "b", "c", "d", "e");
        (await runner.AskAsync(few)).Dispose();
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => runner.AskAsync(TestTensors.Strings("s", [500], [.. Enumerable.Repeat("a", 500)])));
        Assert.Equal(ErrorCode.PayloadTooLarge, failure.Code);
        Assert.StartsWith("pipeline 'p', step 'r': 'y': ", failure.Message, StringComparison.Ordinal);
        (await runner.AskAsync(few)).Dispose();
    }

    [Fact]
    public void A_run_that_is_over_ends_within_a_block()
    {
        RulesProgram program = ProgramRunner.Compile("a = sum(i + j for i in 0..10000)", [TestTensors.Of("j", TensorDataType.Int64, [1], 1L)]);
        using CancellationTokenSource over = new();
        over.Cancel();
        Assert.Throws<OperationCanceledException>(() => program.Run([TestTensors.Of("j", TensorDataType.Int64, [1], 1L)], 1, [ColumnWriter.Of(program.Outputs[0], static _ => { })], over.Token));
    }
}
