using System.Text;
using Slipway.Cli.Rows;

namespace Slipway.Cli.Tests.Rows;

public sealed class DelimiterHintTests
{
    [Theory]
    [InlineData("a;b;c", ',', "the first line holds ';' and no ',': try --delimiter ';'")]
    [InlineData("a\tb", ',', "the first line holds tab and no ',': try --delimiter tab")]
    [InlineData("a|b", ',', "the first line holds '|' and no ',': try --delimiter '|'")]
    [InlineData("a,b", ';', "the first line holds ',' and no ';': try --delimiter ','")]
    [InlineData("\"a,b\";\"c\"", ',', "the first line holds ';' and no ',': try --delimiter ';'")]
    [InlineData("a,b", ',', null)]
    [InlineData("a;b,c", ',', null)]
    [InlineData("a;b\tc", ',', null)]
    [InlineData("\"a;b\"", ',', null)]
    [InlineData("a", ',', null)]
    [InlineData("", ',', null)]
    public void A_line_tells_its_delimiter_only_where_it_holds_no_other(string line, char delimiter, string? expected) =>
        Assert.Equal(expected, DelimiterHint.Of(Encoding.UTF8.GetBytes(line), (byte)delimiter));
}
