using Slipway.TestKit;

namespace Slipway.Mlflow.Tests.Recordings;

/// <summary>What real tracking servers answered to real clients and to hand-made requests, chapter by chapter, each against a server of its own.</summary>
public sealed class RestReplayTests
{
    /// <summary>Steps that differ on purpose: case, position, and why.</summary>
    private static readonly (string Case, int Step, string Why)[] Exceptions =
    [
        ("rest-3.6.1-registry", 32, "an alias goes with the version that it points at; the reference means to remove it and compares a number with a text"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Transcripts => Recording.Names("http-transcript");

    [Theory]
    [MemberData(nameof(Transcripts))]
    public async Task Recorded_requests_are_answered_as_the_reference_answered_them(string name)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        await using MlflowServer server = await MlflowServer.StartAsync();

        IReadOnlyList<string> differences = await new RecordingReplay(server.Client, Recording.Read(name)).RunAsync(TestContext.Current.CancellationToken);

        string[] unexpected = [.. differences.Where(difference => !Exceptions.Any(known => known.Case == name && difference.StartsWith($"step {known.Step} ", StringComparison.Ordinal)))];
        Assert.True(unexpected.Length == 0, string.Join('\n', unexpected));
    }
}
