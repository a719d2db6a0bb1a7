using System.Text;
using Slipway.OnnxRuntime.Text;

namespace Slipway.OnnxRuntime.Tests.Text;

public sealed class TextOperatorTests
{
    [Theory]
    [InlineData("f", -1, -1, "", 3.14159265, "3.141593")]
    [InlineData("f", 0, -1, "", 2.5, "2")]
    [InlineData("f", 3, 9, "0", -3.14159265, "-0003.142")]
    [InlineData("f", 1, 6, "-", 2.25, "2.2   ")]
    [InlineData("f", 1, -1, "+", 2.25, "+2.2")]
    [InlineData("e", 2, -1, "", 0, "0.00e+00")]
    [InlineData("e", 1, -1, "", 1.25, "1.2e+00")]
    [InlineData("e", 3, -1, "", 1e-300, "1.000e-300")]
    [InlineData("g", -1, -1, "", 100000, "100000")]
    [InlineData("g", -1, -1, "", 1000000, "1e+06")]
    [InlineData("g", 3, -1, "", 0.00012345, "0.000123")]
    [InlineData("f", 2, 6, "0", double.NaN, "   nan")]
    [InlineData("f", 2, -1, "", double.NegativeInfinity, "-inf")]
    public void Numbers_are_written_as_C_writes_them(string conversion, int precision, int width, string fill, double value, string expected) =>
        Assert.Equal(expected, new NumberText(conversion, precision, width, fill).Of(value));

    [Theory]
    [InlineData("fields", "", -1, " a  b\tc ", "a|b|c")]
    [InlineData("fields", "", 1, "a  b c", "a|b c")]
    [InlineData("fields", "", 0, " a ", " a ")]
    [InlineData("fields", ",", -1, "a,,b,", "a||b|")]
    [InlineData("fields", ",", 1, "a,b,c", "a|b,c")]
    [InlineData("any", ",;", -1, "a,;b", "a||b")]
    [InlineData("anyfull", ",;", -1, ",a,;b;", "a|b")]
    [InlineData("characters", "", -1, "aä😀", "a|ä|😀")]
    public void Text_is_cut(string mode, string separator, int most, string text, string expected)
    {
        TextBuilder parts = new();
        new TextSplitter(mode, separator, most).Split(Encoding.UTF8.GetBytes(text), parts);
        TextTensor cut = parts.Build(parts.Count);
        Assert.Equal(expected, string.Join('|', Enumerable.Range(0, cut.Count).Select(cut.Characters)));
    }

    [Theory]
    [InlineData("2", 0, false, "a b c", "a b|b c")]
    [InlineData("1,2", 0, false, "a b c", "a|b|c|a b|b c")]
    [InlineData("3", 0, false, "a b", "")]
    [InlineData("3", 0, true, "a b", "a b")]
    [InlineData("3", -1, false, "a b", "< < a|< a b|a b >|b > >")]
    [InlineData("2", 1, false, "a", "< a|a >")]
    [InlineData("2", -1, false, "", "< >")]
    [InlineData("4", 1, false, "a", "")]
    [InlineData("4", 1, true, "a", "< a >")]
    public void Runs_of_words_are_made(string widths, int pad, bool keepsShort, string words, string expected)
    {
        TextBuilder builder = new();
        string[] parts = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Array.ForEach(parts, part => builder.Add(Encoding.UTF8.GetBytes(part)));
        TextBuilder runs = new();
        new TextGrams(widths, " ", "<", ">", pad, keepsShort).AddRow(builder.Build(parts.Length), 0, parts.Length, runs);
        TextTensor made = runs.Build(runs.Count);
        Assert.Equal(expected, string.Join('|', Enumerable.Range(0, made.Count).Select(made.Characters)));
    }

    [Fact]
    public void What_is_no_text_is_said()
    {
        TextBuilder bytes = new();
        bytes.Add([0xff, 0xfe]);
        Assert.Contains("UTF-8", Assert.Throws<TextFault>(() => bytes.Build(1).Characters(0)).Message, StringComparison.Ordinal);
        Assert.Contains("outside", Assert.Throws<TextFault>(static () => TextParts.Substring("abc"u8, 4, 1, characters: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expression_that_must_go_back_is_refused() =>
        Assert.Throws<TextFault>(static () => TextPattern.Compile(@"(a)\1"));
}
