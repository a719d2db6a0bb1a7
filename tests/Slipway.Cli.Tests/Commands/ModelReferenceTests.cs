using Slipway.Cli.Commands;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Commands;

public sealed class ModelReferenceTests
{
    [Theory]
    [InlineData("iris", "iris", null)]
    [InlineData("iris:3", "iris", "3")]
    [InlineData("iris@champion", "iris", "champion")]
    [InlineData("a.b-c_d@x", "a.b-c_d", "x")]
    public void A_reference_is_read_and_written_back(string text, string name, string? version)
    {
        ModelReference reference = ModelReference.Parse(text);
        Assert.Equal((name, version), (reference.Name, reference.Version));
        Assert.Equal(text, reference.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("@x")]
    [InlineData("iris@")]
    [InlineData("iris:")]
    [InlineData("iris:new")]
    public void Anything_else_is_wrong_usage(string text) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<CliException>(() => ModelReference.Parse(text)).ExitCode);
}
