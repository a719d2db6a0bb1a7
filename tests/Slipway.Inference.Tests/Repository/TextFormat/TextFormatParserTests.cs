using Slipway.Inference.Repository.TextFormat;

namespace Slipway.Inference.Tests.Repository.TextFormat;

public sealed class TextFormatParserTests
{
    [Theory]
    [InlineData("a: 1", "a=1")]
    [InlineData("a: -1 b: 0x1F; c: 1.5e-3, d: TYPE_FP32", "a=-1 b=0x1F c=1.5e-3 d=TYPE_FP32")]
    [InlineData("a: 'it''s' \"!\"", "a=\"its!\"")]
    [InlineData("a: \"\\n\\x41\\101\\u00e9\\'\"", "a=\"\nAA\u00e9'\"")]
    [InlineData("a: [1, 2] a: 3 b: []", "a=1 a=2 a=3")]
    [InlineData("m { a: 1 } m: { b: 2 } m < c: 3 >", "m={a=1} m={b=2} m={c=3}")]
    [InlineData("m: [ { a: 1 }, { a: 2 } ]", "m={a=1} m={a=2}")]
    [InlineData("# comment\na: 1 # another\n# end", "a=1")]
    [InlineData("[type.example.com/some.Message] { a: 1 }", "[type.example.com/some.Message]={a=1}")]
    [InlineData("a: .5 b: -.5 c: inf d: -inf", "a=.5 b=-.5 c=inf d=-inf")]
    [InlineData("", "")]
    public void Text_is_read_into_fields(string text, string expected)
    {
        Assert.Equal(expected, Show(TextFormatParser.Parse(text)));
    }

    [Theory]
    [InlineData("a", 1, 2)]
    [InlineData("a 1", 1, 3)]
    [InlineData("a: ", 1, 4)]
    [InlineData("m {\n  a: 1", 2, 7)]
    [InlineData("m { a: 1 >", 1, 10)]
    [InlineData("a: 'open\nb: 1", 1, 4)]
    [InlineData("a: '\\q'", 1, 7)]
    [InlineData("a: [1 2]", 1, 7)]
    [InlineData("a: 1\n  }", 2, 3)]
    [InlineData("1: 2", 1, 1)]
    [InlineData("a: @", 1, 4)]
    [InlineData("a: '\\ud800'", 1, 11)]
    public void What_is_no_text_format_is_refused_with_its_place(string text, int line, int column)
    {
        TextFormatException refused = Assert.Throws<TextFormatException>(() => TextFormatParser.Parse(text));
        Assert.Equal((line, column), (refused.Line, refused.Column));
    }

    [Fact]
    public void Deep_nesting_and_endless_lists_are_refused()
    {
        Assert.Throws<TextFormatException>(() => TextFormatParser.Parse(string.Concat(Enumerable.Repeat("a{", 100_000))));
        Assert.Throws<TextFormatException>(() => TextFormatParser.Parse("a:[" + string.Concat(Enumerable.Repeat("1,", 300_000)) + "1]"));
        Assert.Throws<TextFormatException>(() => TextFormatParser.Parse(new string(' ', TextFormatParser.MaxLength + 1)));
    }

    [Fact]
    public void Random_text_is_read_or_refused_and_nothing_else()
    {
        Random random = new(1);
        string[] pieces = ["a", ":", "{", "}", "[", "]", "'x'", "\"", "'", "1", "-", ",", ";", "#", "\n", " ", "<", ">", "\\", ".", "/", "\u00e9", "true"];
        for (int run = 0; run < 20_000; run++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                TextFormatParser.Parse(text);
            }
            catch (TextFormatException)
            {
            }
        }
    }

    private static string Show(TextMessage message) => string.Join(' ', message.Fields.Select(field => $"{field.Name}={Show(field.Value)}"));

    private static string Show(TextValue value) => value.Kind switch
    {
        TextValueKind.Message => $"{{{Show(value.Message!)}}}",
        TextValueKind.String => $"\"{value.Text}\"",
        _ => value.Text,
    };
}
