using Slipway.TestKit;

namespace Slipway.Mlflow.Tests.Recordings;

/// <summary>What real scoring servers answered to every form of input and the usual mistakes, for models as MLflow wrote them.</summary>
public sealed class ScoringReplayTests
{
    public static IEnumerable<TheoryDataRow<string>> Scoring => Recording.Names("scoring");

    [Theory]
    [MemberData(nameof(Scoring))]
    public async Task Invocations_are_answered_as_the_reference_answered_them(string name)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        Recording recording = Recording.Read(name);
        await using MlflowServer server = await MlflowServer.StartAsync(
            models: [.. Directory.EnumerateFiles(recording.Model!).Select(file => ("m/" + Path.GetFileName(file), File.ReadAllBytes(file)))]);

        IReadOnlyList<string> differences = await new RecordingReplay(server.Data, recording).RunAsync(TestContext.Current.CancellationToken);

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
