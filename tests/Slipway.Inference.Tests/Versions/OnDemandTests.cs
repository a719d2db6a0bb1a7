using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Inference.Loading;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Versions;

public sealed class OnDemandTests
{
    private static readonly ModelConfig OnDemand = new() { Load = LoadPolicy.OnDemand };

    [Fact]
    public async Task Model_is_loaded_once_by_the_first_requests_and_stays()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", OnDemand, (1, "v1"));
        await fixture.StartAsync();
        Assert.Empty(fixture.Runtime.Models);
        Assert.Equal(ServableState.Unknown, fixture.Version("m", 1).State);

        InferenceResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => fixture.InferAsync("m", 1, 2).AsTask())));

        Assert.Single(fixture.Runtime.Models);
        Assert.All(responses, static response => Assert.Equal(1, response.Servable.Version));
    }

    [Fact]
    public async Task Versions_that_a_request_would_load_are_wanted_and_no_others()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", OnDemand, (1, "v1"), (2, "v2"));
        await fixture.StartAsync();
        Assert.Equal((false, true), (fixture.Version("m", 1).IsWanted, fixture.Version("m", 2).IsWanted));
        Assert.Equal((false, true), (fixture.Version("m", 1).Answers, fixture.Version("m", 2).Answers));

        (await fixture.InferAsync("m", 1, 2)).Dispose();
        fixture.Source.With("m", OnDemand, (1, "v1")).Push();
        await fixture.UntilState("m", 2, ServableState.Unloaded);
        Assert.Equal((true, false), (fixture.Version("m", 1).IsWanted, fixture.Version("m", 2).IsWanted));

        await fixture.Control.UnloadAsync("m", InferenceFixture.Token);
        Assert.Equal((false, false), (fixture.Version("m", 1).IsWanted, fixture.Version("m", 1).Answers));
    }

    [Fact]
    public async Task Version_that_failed_answers_again_once_its_files_have_changed()
    {
        await using InferenceFixture fixture = new();
        fixture.Runtime.Define = static token => token == "bad" ? throw new SlipwayException(ErrorCode.InvalidModel, "cut off") : FakeModelDefinition.Sums;
        fixture.Source.With("m", OnDemand, (1, "bad"));
        await fixture.StartAsync();
        Assert.True(fixture.Version("m", 1).Answers);

        await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("m", 1, 2));
        Assert.Equal((ServableState.Failed, false), (fixture.Version("m", 1).State, fixture.Version("m", 1).Answers));

        fixture.Source.With("m", OnDemand, (1, "mended")).Push();
        await InferenceFixture.Until(() => fixture.Version("m", 1).Answers);
        (await fixture.InferAsync("m", 1, 2)).Dispose();
    }

    [Fact]
    public async Task Default_is_the_larger_version_again_once_its_files_have_changed()
    {
        ModelConfig config = OnDemand with { VersionPolicy = new VersionPolicy.All() };
        await using InferenceFixture fixture = new();
        fixture.Runtime.Define = static token => token == "bad" ? throw new SlipwayException(ErrorCode.InvalidModel, "cut off") : FakeModelDefinition.Sums;
        fixture.Source.With("m", config, (1, "v1"), (2, "bad"));
        await fixture.StartAsync();
        using (InferenceResponse standIn = await fixture.InferAsync("m", 1, 2))
        {
            Assert.Equal(1, standIn.Servable.Version);
        }

        fixture.Source.With("m", config, (1, "v1"), (2, "mended")).Push();
        await InferenceFixture.Until(() => fixture.Version("m", 2).Answers);

        using InferenceResponse answer = await fixture.InferAsync("m", 1, 2);
        Assert.Equal(2, answer.Servable.Version);
    }

    [Fact]
    public async Task Waiter_that_goes_away_does_not_stop_the_load()
    {
        TaskCompletionSource release = new();
        await using InferenceFixture fixture = new();
        fixture.Runtime.BeforeLoad = (_, _) => release.Task;
        fixture.Source.With("m", OnDemand, (1, "v1"));
        await fixture.StartAsync();
        using CancellationTokenSource gone = new();
        Task<InferenceResponse> first = fixture.Inference.InferAsync(InferenceFixture.Request("m", 1, 2), gone.Token).AsTask();
        Task<InferenceResponse> second = fixture.InferAsync("m", 1, 2).AsTask();
        await fixture.UntilState("m", 1, ServableState.Loading);

        await gone.CancelAsync();
        SlipwayException cancelled = await Assert.ThrowsAsync<SlipwayException>(() => first);
        release.SetResult();
        using InferenceResponse response = await second;

        Assert.Equal(ErrorCode.Cancelled, cancelled.Code);
        Assert.Single(fixture.Runtime.Models);
    }

    [Fact]
    public async Task Least_recently_used_model_makes_room()
    {
        await using InferenceFixture fixture = new(static services => services.Configure<LoadingOptions>(static options => options.MaxResidentModels = 2));
        foreach (string name in new[] { "a", "b", "c" })
        {
            fixture.Source.With(name, OnDemand, (1, name));
        }

        await fixture.StartAsync();
        (await fixture.InferAsync("a", 1, 2)).Dispose();
        (await fixture.InferAsync("b", 1, 2)).Dispose();
        (await fixture.InferAsync("a", 1, 2)).Dispose();
        (await fixture.InferAsync("c", 1, 2)).Dispose();

        Assert.Equal((ServableState.Unloaded, "evicted"), (fixture.Version("b", 1).State, fixture.Version("b", 1).Reason));
        Assert.Equal(ServableState.Ready, fixture.Version("a", 1).State);
        (await fixture.InferAsync("b", 1, 2)).Dispose();
        Assert.Equal(ServableState.Unloaded, fixture.Version("a", 1).State);
    }

    [Fact]
    public async Task Memory_budget_counts_bytes_and_spares_eager_models()
    {
        await using InferenceFixture fixture = new(static services => services.Configure<LoadingOptions>(static options => options.MaxResidentBytes = 3500));
        fixture.Source.With("eager", null, (1, "e")).With("a", OnDemand, (1, "a")).With("b", OnDemand, (1, "b")).With("c", OnDemand, (1, "c"));
        await fixture.StartAsync();
        foreach (string name in new[] { "a", "b", "c" })
        {
            (await fixture.InferAsync(name, 1, 2)).Dispose();
        }

        Assert.Equal(ServableState.Unloaded, fixture.Version("a", 1).State);
        Assert.Equal(ServableState.Ready, fixture.Version("eager", 1).State);
        Assert.Equal(3, fixture.Runtime.Models.Count(static model => !model.IsDisposed));
    }

    [Fact]
    public async Task Model_in_use_is_never_taken_and_who_finds_no_room_is_told()
    {
        using ManualResetEventSlim open = new(false);
        using ManualResetEventSlim entered = new(false);
        bool hold = false;
        await using InferenceFixture fixture = new(static services => services.Configure<LoadingOptions>(static options => options.MaxResidentModels = 1));
        fixture.Runtime.Define = _ => FakeModelDefinition.Sums.Before((_, _, _) =>
        {
            if (hold)
            {
                entered.Set();
                open.Wait(InferenceFixture.Token);
            }
        });
        fixture.Source.With("a", OnDemand, (1, "a")).With("b", OnDemand, (1, "b"));
        await fixture.StartAsync();
        (await fixture.InferAsync("a", 1, 2)).Dispose();
        hold = true;
        Task<InferenceResponse> using_ = Task.Run(() => fixture.InferAsync("a", 1, 2).AsTask());
        entered.Wait(InferenceFixture.Token);
        hold = false;

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("b", 1, 2));
        Assert.Equal(ErrorCode.ModelNotReady, refused.Code);
        Assert.Contains("no room", refused.Message, StringComparison.Ordinal);
        open.Set();
        (await using_).Dispose();
        (await fixture.InferAsync("b", 1, 2)).Dispose();

        Assert.DoesNotContain(fixture.Runtime.Models, static model => model.WasMisused);
    }

    [Fact]
    public async Task Successor_of_a_model_in_use_is_loaded_beside_it_although_the_budget_is_full()
    {
        using ManualResetEventSlim open = new(false);
        using ManualResetEventSlim entered = new(false);
        await using InferenceFixture fixture = new(static services => services.Configure<LoadingOptions>(static options => options.MaxResidentModels = 1));
        fixture.Runtime.Define = token => token == "new" ? FakeModelDefinition.Sums : FakeModelDefinition.Sums.Before((_, inputs, _) =>
        {
            if (FakeModelDefinition.Floats(inputs[0]!)[0] == 7)
            {
                entered.Set();
                open.Wait(InferenceFixture.Token);
            }
        });
        fixture.Source.With("m", OnDemand, (1, "old"));
        await fixture.StartAsync();
        Task<InferenceResponse> running = Task.Run(() => fixture.InferAsync("m", 7, 2).AsTask());
        entered.Wait(InferenceFixture.Token);

        fixture.Source.With("m", OnDemand, (2, "new")).Push();
        await fixture.UntilState("m", 2, ServableState.Ready);
        using InferenceResponse next = await fixture.InferAsync("m", 1, 2);
        open.Set();
        using InferenceResponse first = await running;

        Assert.Equal((1, 2), (first.Servable.Version, next.Servable.Version));
        await InferenceFixture.Until(() => fixture.Runtime.Models.Count(static model => !model.IsDisposed) == 1);
        Assert.DoesNotContain(fixture.Runtime.Models, static model => model.WasMisused);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task New_content_that_is_refused_does_not_drive_out_the_old_although_the_budget_is_full(long version)
    {
        await using InferenceFixture fixture = new(static services => services.Configure<LoadingOptions>(static options => options.MaxResidentModels = 1));
        fixture.Runtime.Define = static token => token == "bad" ? throw new SlipwayException(ErrorCode.InvalidModel, "truncated") : FakeModelDefinition.Sums;
        fixture.Source.With("m", OnDemand, (1, "good"));
        await fixture.StartAsync();
        (await fixture.InferAsync("m", 1, 2)).Dispose();

        fixture.Source.With("m", OnDemand, (version, "bad")).Push();
        await InferenceFixture.Until(() => fixture.Catalog.TryGetModel("m", out ModelSnapshot? model) && model.Versions.Any(static known => known.Error is not null));
        using InferenceResponse response = await fixture.InferAsync("m", 1, 2);

        Assert.Equal(1, response.Servable.Version);
        Assert.Single(fixture.Runtime.Models);
    }

    [Fact]
    public async Task Many_clients_over_few_places_never_meet_a_freed_model()
    {
        await using InferenceFixture fixture = new(static services => services.Configure<LoadingOptions>(static options => options.MaxResidentModels = 3));
        foreach (int i in Enumerable.Range(0, 12))
        {
            fixture.Source.With($"m{i}", OnDemand, (1, $"m{i}"));
        }

        await fixture.StartAsync();
        int answered = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(client => Task.Run(async () =>
        {
            Random random = new(client);
            for (int i = 0; i < 150; i++)
            {
                try
                {
                    using InferenceResponse response = await fixture.InferAsync($"m{random.Next(12)}", i, 1);
                    Assert.Equal(i + 1, FakeModelDefinition.Floats(response.Outputs[0])[0]);
                    Interlocked.Increment(ref answered);
                }
                catch (SlipwayException exception)
                {
                    Assert.Equal(ErrorCode.ModelNotReady, exception.Code);
                }
            }
        })));

        Assert.True(answered > 300, $"only {answered} of 600 were answered");
        Assert.DoesNotContain(fixture.Runtime.Models, static model => model.WasMisused);
        await InferenceFixture.Until(() => fixture.Runtime.Models.Count(static model => !model.IsDisposed) <= 3);
    }

    [Fact]
    public async Task Failed_load_is_told_to_who_waits_and_is_not_tried_at_every_request()
    {
        int loads = 0;
        await using InferenceFixture fixture = new();
        fixture.Runtime.Define = _ =>
        {
            loads++;
            throw new SlipwayException(ErrorCode.InvalidModel, "truncated");
        };
        fixture.Source.With("m", OnDemand, (1, "v1"));
        await fixture.StartAsync();

        for (int i = 0; i < 3; i++)
        {
            SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("m", 1, 2));
            Assert.Equal(ErrorCode.ModelNotReady, refused.Code);
            Assert.Contains("truncated", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task Deadline_counts_while_a_model_is_loaded_and_shutdown_leaves_nobody_waiting()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource release = new();
        InferenceFixture fixture = new(time: time);
        fixture.Runtime.BeforeLoad = (token, stopping) => token == "a" ? release.Task : Task.Delay(Timeout.InfiniteTimeSpan, stopping);
        fixture.Source.With("a", OnDemand, (1, "a")).With("b", OnDemand, (1, "b"));
        await fixture.StartAsync();
        InferenceRequest hurried = new()
        {
            ModelName = "a",
            Inputs = [FakeModelDefinition.Floats("x", new TensorShape(1, 2), 1, 2)],
            Deadline = time.GetTimestamp() + TimeSpan.FromSeconds(1).Ticks,
        };
        Task<InferenceResponse> first = fixture.Inference.InferAsync(hurried, InferenceFixture.Token).AsTask();
        await fixture.UntilState("a", 1, ServableState.Loading);
        Task<InferenceResponse> behind = fixture.InferAsync("b", 1, 2).AsTask();

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.DeadlineExceeded, (await Assert.ThrowsAsync<SlipwayException>(() => first)).Code);
        Task stopping = fixture.StopAsync();
        release.SetResult();
        await stopping;

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => behind);
        Assert.Equal((ErrorCode.ModelNotReady, "Server not ready: it is shutting down"), (refused.Code, refused.Message));
        Assert.All(fixture.Runtime.Models, static model => Assert.True(model.IsDisposed));
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task Ten_thousand_models_are_registered_quickly_and_any_of_them_answers()
    {
        await using InferenceFixture fixture = new(static services => services.Configure<LoadingOptions>(static options => options.MaxResidentModels = 100));
        for (int i = 0; i < 10_000; i++)
        {
            fixture.Source.With($"model-{i:D5}", OnDemand, (1, $"token-{i}"));
        }

        await fixture.StartAsync();
        for (int i = 0; i < 10_000; i += 50)
        {
            (await fixture.InferAsync($"model-{i:D5}", 1, 2)).Dispose();
        }

        Assert.Equal(10_000, fixture.Catalog.GetModels().Count);
        Assert.Equal(200, fixture.Runtime.Models.Count);
        Assert.Equal(100, fixture.Runtime.Models.Count(static model => !model.IsDisposed));
    }
}
