using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Cli.Support;
using Slipway.Cli.Terminal;
using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.Server.Hosting;
using Slipway.TestKit;

namespace Slipway.Cli.Tests.Commands;

public sealed class FormatsCommandTests
{
    [Fact]
    public async Task The_page_of_the_documentation_is_what_the_code_says()
    {
        (_, string page, _) = await RunAsync("formats", "--markdown");
        string kept = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "formats-support.md"), TestContext.Current.CancellationToken);
        Assert.True(page == kept, "docs/formats-support.md is out of date: run eng/update-support.sh and commit the page");
    }

    [Fact]
    public void A_format_that_is_served_says_what_it_was_tested_with_and_names_its_parts_once()
    {
        foreach (FormatEntry format in Shipped().Where(static format => format.Support.Serving is FormatServing.Converted or FormatServing.Native))
        {
            Assert.True(format.Support.Tested.Count > 0, $"{format.Name} says nothing of tested versions");
            Assert.True(format.Support.Groups.Count > 0, $"{format.Name} names no parts");
            foreach (SupportGroup group in format.Support.Groups)
            {
                Assert.NotEmpty(group.Items);
                Assert.Equal(group.Items.Count, group.Items.Select(static item => item.Name).Distinct(StringComparer.Ordinal).Count());
            }
        }
    }

    [Fact]
    public async Task Json_holds_every_format_with_its_parts()
    {
        (int code, string output, _) = await RunAsync("formats", "--json");
        Assert.Equal(ExitCode.Done, code);
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement sklearn = Assert.Single(json.RootElement.EnumerateArray(), static format => format.GetProperty("name").GetString() == "sklearn");
        Assert.Equal("Converted", sklearn.GetProperty("support").GetProperty("serving").GetString());
        Assert.Contains("RandomForestClassifier", sklearn.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(Shipped().Count, json.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task One_format_is_shown_in_full_and_an_unknown_one_is_wrong_usage()
    {
        (int code, string output, _) = await RunAsync("formats", "lightgbm");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("lambdarank", output, StringComparison.Ordinal);

        (code, _, string error) = await RunAsync("formats", "nonsense");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("sklearn", error, StringComparison.Ordinal);
    }

    private static IReadOnlyList<FormatEntry> Shipped()
    {
        using ServiceProvider services = new ServiceCollection().AddLogging().AddShippedFormats().BuildServiceProvider();
        return FormatEntry.Of(services.GetRequiredService<ModelFormats>());
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = await SlipwayCommand.RunAsync(args, new CliTerminal { Out = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
