using Slipway.Core;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Versions;

public sealed class LabelMoveTests
{
    [Fact]
    public async Task Two_hundred_moves_of_a_label_under_load_fail_no_request_by_label_or_default()
    {
        await using InferenceFixture fixture = new();
        Offer(fixture, 1);
        await fixture.StartAsync();
        using CancellationTokenSource done = new();
        Task<long>[] clients =
        [
            Task.Run(() => AskAsync(fixture, VersionSelector.ByLabel("champion"), done.Token)),
            Task.Run(() => AskAsync(fixture, VersionSelector.Default, done.Token)),
        ];

        // To and fro, so that half of the moves go to a smaller number.
        for (int move = 1; move <= 200; move++)
        {
            int version = (move % 2 == 1 ? 1000 : 1) + move;
            Offer(fixture, version);
            fixture.Source.Push();
            await fixture.UntilState("m", version, ServableState.Ready);
        }

        await done.CancelAsync();
        Assert.All(await Task.WhenAll(clients), static count => Assert.True(count > 0));
    }

    [Fact]
    public async Task Default_version_answers_although_a_larger_one_is_in_service()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", Config(1, ("champion", 1), ("challenger", 2)), (1, "v1"), (2, "v2"));
        await fixture.StartAsync();

        using InferenceResponse answer = await fixture.InferAsync("m", 1, 2);

        Assert.Equal(1, answer.Servable.Version);
    }

    [Fact]
    public async Task Label_whose_new_version_fails_stays_where_it_was_and_keeps_that_version_in_service()
    {
        await using InferenceFixture fixture = new();
        fixture.Runtime.Define = static token => token == "bad" ? throw new SlipwayException(ErrorCode.InvalidModel, "truncated") : FakeModelDefinition.Sums;
        fixture.Source.With("m", Config(1, ("champion", 1), ("challenger", 5)), (1, "v1"), (5, "v5"));
        await fixture.StartAsync();

        // Two versions are no longer wanted and one takes their place: of the two, the label's has to stay.
        fixture.Source.With("m", Config(7, ("champion", 7)), (7, "bad")).Push();
        await fixture.UntilState("m", 7, ServableState.Failed);
        await fixture.UntilState("m", 5, ServableState.Unloaded);

        using InferenceResponse labelled = await fixture.Inference.InferAsync(
            InferenceFixture.Request("m", VersionSelector.ByLabel("champion"), 1, 2), InferenceFixture.Token);
        using InferenceResponse plain = await fixture.InferAsync("m", 1, 2);
        Assert.Equal((1, 1), (labelled.Servable.Version, plain.Servable.Version));
    }

    [Fact]
    public async Task Model_on_demand_answers_with_its_default_version()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", Config(1, ("champion", 1)) with { Load = LoadPolicy.OnDemand }, (1, "v1"), (2, "v2"));
        await fixture.StartAsync();
        (await fixture.Inference.InferAsync(InferenceFixture.Request("m", VersionSelector.Exact(2), 1, 2), InferenceFixture.Token)).Dispose();

        using InferenceResponse answer = await fixture.InferAsync("m", 1, 2);

        Assert.Equal(1, answer.Servable.Version);
    }

    private static void Offer(InferenceFixture fixture, int version) => fixture.Source.With("m", Config(version, ("champion", version)), (version, $"v{version}"));

    private static ModelConfig Config(long preferred, params (string Label, long Version)[] labels) => new()
    {
        VersionPolicy = new VersionPolicy.All(),
        DefaultVersion = preferred,
        Labels = labels.ToDictionary(label => label.Label, label => label.Version),
    };

    private static async Task<long> AskAsync(InferenceFixture fixture, VersionSelector version, CancellationToken done)
    {
        long answered = 0;
        while (!done.IsCancellationRequested)
        {
            (await fixture.Inference.InferAsync(InferenceFixture.Request("m", version, 1, 2), InferenceFixture.Token)).Dispose();
            answered++;
            await Task.Yield();
        }

        return answered;
    }
}
