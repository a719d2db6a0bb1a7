using System.Globalization;
using System.Text.Json;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Functions;
using Slipway.Pmml.Values;
using Slipway.TestKit;

namespace Slipway.Pmml.Tests.Functions;

public sealed class FunctionTests
{
    // Results of the published cases are given with as few as seven digits.
    private const double Tolerance = 1e-7;

    public static IEnumerable<TheoryDataRow<int, string>> Cases
    {
        get
        {
            if (Assets.Root is null || !File.Exists(Assets.PathOf("pmml/functions.json")))
            {
                yield return new TheoryDataRow<int, string>(-1, "-");
                yield break;
            }

            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Assets.PathOf("pmml/functions.json")));
            int index = 0;
            foreach (JsonElement each in document.RootElement.GetProperty("cases").EnumerateArray())
            {
                yield return new TheoryDataRow<int, string>(index++, each.GetRawText());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Call_gives_the_published_result(int index, string json)
    {
        Assert.SkipWhen(index < 0, Assets.Missing);
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement each = document.RootElement;
        Symbols symbols = new();
        Frame frame = new([0], symbols);
        Expression[] arguments = [.. each.GetProperty("args").EnumerateArray().Select(argument => Argument(argument, frame))];
        BuiltInFunction function = FunctionTable.Find(each.GetProperty("function").GetString()!)!;
        Assert.NotNull(function);
        if (each.TryGetProperty("throws", out _))
        {
            Assert.ThrowsAny<Exception>(() => function.Create(arguments).Evaluate(frame));
            return;
        }

        Expression call = function.Create(arguments);
        double value = call.Evaluate(frame);
        JsonElement expected = each.GetProperty("expected");
        if (expected.ValueKind == JsonValueKind.Null)
        {
            Assert.True(Cell.IsMissing(value));
            return;
        }

        JsonElement wanted = expected.GetProperty("value");
        PmmlType type = PmmlType.Parse(expected.GetProperty("type").GetString()!)!.Value;
        if (type.IsNumber)
        {
            double number = wanted.ValueKind == JsonValueKind.String ? double.Parse(wanted.GetString()!, CultureInfo.InvariantCulture) : wanted.GetDouble();
            Assert.False(Cell.IsMissing(value));
            Assert.True(value.Equals(number) || Math.Abs(value - number) <= Tolerance, $"{value} is not {number}");
            Assert.True(call.Type.IsNumber);
        }
        else
        {
            Assert.Equal(type, call.Type);
            Assert.Equal(wanted.ValueKind == JsonValueKind.String ? wanted.GetString() : wanted.GetRawText(), CellText.Format(value, type, frame.Symbols.Text));
        }
    }

    [Fact]
    public void Every_function_of_the_standard_is_known()
    {
        string[] standard =
        [
            "+", "-", "*", "/", "min", "max", "sum", "avg", "median", "product", "log10", "ln", "ln1p", "exp", "expm1", "sqrt", "abs", "pow", "threshold", "floor", "ceil",
            "round", "rint", "modulo", "isMissing", "isNotMissing", "isValid", "isNotValid", "equal", "notEqual", "lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual",
            "and", "or", "not", "isIn", "isNotIn", "if", "uppercase", "lowercase", "stringLength", "substring", "trimBlanks", "concat", "replace", "matches", "formatNumber",
            "formatDatetime", "dateDaysSinceYear", "dateSecondsSinceYear", "dateSecondsSinceMidnight", "normalCDF", "normalPDF", "stdNormalCDF", "stdNormalPDF", "erf",
            "normalIDF", "stdNormalIDF", "sin", "asin", "sinh", "cos", "acos", "cosh", "tan", "atan", "tanh",
        ];
        Assert.DoesNotContain(standard, static name => FunctionTable.Find(name) is null);
    }

    // Reference values: Abramowitz and Stegun, tables 7.1 and 26.1.
    [Theory]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(1.0, 0.8427007929497149)]
    [InlineData(2.5, 0.9995930479825550)]
    [InlineData(-3.0, -0.9999779095030014)]
    public void Erf_agrees_with_the_tables(double x, double expected) => Assert.Equal(expected, SpecialFunctions.Erf(x), 1e-14);

    [Theory]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.5, 0)]
    [InlineData(1e-10, -6.361340902404056)]
    public void NormalQuantile_agrees_with_the_tables(double p, double expected) => Assert.Equal(expected, SpecialFunctions.NormalQuantile(p), 1e-9);

    [Theory]
    [InlineData("%3d", 5, "  5")]
    [InlineData("%05.1f", 3.14159, "003.1")]
    [InlineData("%-6.2f|", -1.5, "-1.50 |")]
    [InlineData("%e", 12345.678, "1.234568e+04")]
    [InlineData("%+d %%", 7, "+7 %")]
    public void FormatNumber_follows_printf(string format, double value, string expected) => Assert.Equal(expected, PrintFormat.Number(value, format));

    [Fact]
    public void Pattern_that_backtracks_for_ever_is_stopped()
    {
        Symbols symbols = new();
        Frame frame = new([0], symbols);
        Expression text = new ConstantExpression(frame.Symbols.Code(new string('a', 40) + "!"), PmmlType.String);
        Expression pattern = new ConstantExpression(frame.Symbols.Code(@"^(a+)+\1$"), PmmlType.String);
        Expression call = FunctionTable.Find("matches")!.Create([text, pattern]);
        Assert.Throws<EvaluationException>(() => call.Evaluate(frame));
    }

    private static ConstantExpression Argument(JsonElement argument, Frame frame)
    {
        if (argument.ValueKind == JsonValueKind.Null)
        {
            return new ConstantExpression(Cell.Missing, PmmlType.Double);
        }

        string name = argument.GetProperty("type").GetString()!;
        JsonElement value = argument.GetProperty("value");
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        PmmlType type = PmmlType.Parse(name == "date" && text.Contains('T', StringComparison.Ordinal) ? "dateTime" : name)!.Value;
        Assert.True(CellText.TryParse(text, type, frame.Symbols.Code, out double cell));
        return new ConstantExpression(cell, type);
    }
}
