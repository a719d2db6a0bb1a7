using Slipway.Core;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Versions;

public sealed class SwapTests
{
    [Fact]
    public async Task Two_hundred_hot_swaps_under_load_fail_no_request_and_free_every_version_but_the_last()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", null, (1, "v1"));
        await fixture.StartAsync();
        using CancellationTokenSource done = new();
        TaskCompletionSource[] begun = [.. Enumerable.Range(0, 4).Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        Task<long>[] clients = [.. begun.Select(first => Task.Run(() => AskAsync(fixture, first, done.Token)))];

        // On a machine that is busy otherwise all swaps may be over before the last client begins.
        await Task.WhenAny(Task.WhenAll(begun.Select(static first => first.Task)), Task.WhenAll(clients));
        for (int version = 2; version <= 201; version++)
        {
            fixture.Source.With("m", null, (version, $"v{version}")).Push();
            await fixture.UntilState("m", version, ServableState.Ready);
        }

        await done.CancelAsync();
        long[] answered = await Task.WhenAll(clients);
        await InferenceFixture.Until(() => fixture.Runtime.Models.Count(static model => !model.IsDisposed) == 1);

        Assert.All(answered, static count => Assert.True(count > 0));
        Assert.Equal(201, fixture.Runtime.Models.Count);
        Assert.DoesNotContain(fixture.Runtime.Models, static model => model.WasMisused);
    }

    [Fact]
    public async Task Changed_content_of_a_version_is_swapped_in_place_without_leaving_service()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", null, (1, "old"));
        await fixture.StartAsync();
        using CancellationTokenSource done = new();
        Task<long> client = Task.Run(() => AskAsync(fixture, new TaskCompletionSource(), done.Token));
        string before = (await fixture.Catalog.GetServableAsync("m", default, InferenceFixture.Token)).Digest;

        fixture.Source.With("m", null, (1, "new")).Push();
        await InferenceFixture.Until(() => fixture.Version("m", 1).Servable?.Digest != before);
        await done.CancelAsync();
        await client;

        Assert.Equal(ServableState.Ready, fixture.Version("m", 1).State);
        await InferenceFixture.Until(() => fixture.Runtime.Models.Single(static model => model.Token == "old").IsDisposed);
    }

    [Fact]
    public async Task Refused_content_of_a_version_in_service_leaves_the_old_content_and_says_why()
    {
        await using InferenceFixture fixture = new();
        fixture.Runtime.Define = static token => token == "bad" ? throw new SlipwayException(ErrorCode.InvalidModel, "truncated") : FakeModelDefinition.Sums;
        fixture.Source.With("m", null, (1, "good"));
        await fixture.StartAsync();

        fixture.Source.With("m", null, (1, "bad")).Push();
        await InferenceFixture.Until(() => fixture.Version("m", 1).Reason is not null);

        VersionSnapshot version = fixture.Version("m", 1);
        Assert.Equal((ServableState.Ready, ErrorCode.InvalidModel), (version.State, version.Error));
        Assert.Contains("truncated", version.Reason, StringComparison.Ordinal);
        (await fixture.InferAsync("m", 1, 2)).Dispose();
    }

    [Fact]
    public async Task Version_that_leaves_finishes_what_it_began()
    {
        using ManualResetEventSlim open = new(false);
        using ManualResetEventSlim entered = new(false);
        bool hold = false;
        await using InferenceFixture fixture = new();
        fixture.Runtime.Define = token => token != "v1" ? FakeModelDefinition.Sums : FakeModelDefinition.Sums.Before((_, _, _) =>
        {
            if (hold)
            {
                entered.Set();
                open.Wait(InferenceFixture.Token);
            }
        });
        fixture.Source.With("m", null, (1, "v1"));
        await fixture.StartAsync();
        hold = true;
        Task<InferenceResponse> slow = Task.Run(() => fixture.InferAsync("m", 1, 2).AsTask());
        entered.Wait(InferenceFixture.Token);

        fixture.Source.With("m", null, (1, "v1"), (2, "v2")).Push();
        await fixture.UntilState("m", 1, ServableState.Draining);
        using InferenceResponse fresh = await fixture.InferAsync("m", 1, 2);
        Assert.False(fixture.Runtime.Models.First().IsDisposed);
        open.Set();
        using InferenceResponse finished = await slow;
        await fixture.UntilState("m", 1, ServableState.Unloaded);

        Assert.Equal((2, 1), (fresh.Servable.Version, finished.Servable.Version));
        Assert.True(fixture.Runtime.Models.First().IsDisposed);
    }

    [Fact]
    public async Task Shutdown_refuses_new_requests_finishes_old_ones_and_frees_every_model()
    {
        InferenceFixture fixture = new();
        fixture.Source.With("a", null, (1, "a")).With("b", null, (1, "b"));
        await fixture.StartAsync();

        fixture.SayStopping();
        Assert.False(fixture.Catalog.IsReady);
        (await fixture.InferAsync("a", 1, 2)).Dispose();
        await fixture.StopAsync();
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("a", 1, 2));

        Assert.Equal(ErrorCode.ModelNotReady, refused.Code);
        Assert.All(fixture.Runtime.Models, static model => Assert.True(model.IsDisposed && !model.WasMisused));
        await fixture.DisposeAsync();
    }

    private static async Task<long> AskAsync(InferenceFixture fixture, TaskCompletionSource first, CancellationToken done)
    {
        long answered = 0;
        while (!done.IsCancellationRequested)
        {
            using InferenceResponse response = await fixture.InferAsync("m", answered, 1);
            Assert.Equal(answered + 1, FakeModelDefinition.Floats(response.Outputs[0])[0]);
            answered++;
            first.TrySetResult();
        }

        return answered;
    }
}
