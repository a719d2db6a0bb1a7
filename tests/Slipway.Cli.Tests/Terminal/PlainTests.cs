using System.Text;
using Slipway.Cli.Terminal;
using Spectre.Console;

namespace Slipway.Cli.Tests.Terminal;

public sealed class PlainTests
{
    [Theory]
    [InlineData("utf-8", true, true)]
    [InlineData("utf-8", false, false)]
    [InlineData("iso-8859-1", true, false)]
    [InlineData("us-ascii", true, false)]
    public void Lines_are_drawn_for_people_where_the_encoding_has_them(string encoding, bool isInteractive, bool expected)
    {
        using StreamWriter writer = new(new MemoryStream(), Encoding.GetEncoding(encoding));

        Assert.Same(expected ? TableBorder.Rounded : TableBorder.Ascii, Plain.Border(new CliTerminal { Out = writer, Error = writer, IsOutInteractive = isInteractive }));
    }
}
