using Slipway.Core;
using Slipway.Inference.Caching;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Caching;

public sealed class ResponseCacheTests
{
    private static readonly ModelConfig Cached = new() { ResponseCache = new ResponseCacheConfig(), WarmupEnabled = false };

    [Fact]
    public async Task Same_question_is_run_once_and_the_answer_outlives_the_first_response()
    {
        await using InferenceFixture fixture = await StartAsync(Cached);

        (await fixture.InferAsync("m", 1, 2)).Dispose();
        using InferenceResponse second = await fixture.InferAsync("m", 1, 2);
        using InferenceResponse other = await fixture.InferAsync("m", 1, 3);

        Assert.Equal([3f], FakeModelDefinition.Floats(second.Outputs[0]));
        Assert.Equal((true, false), (second.Timings.CacheHit, other.Timings.CacheHit));
        Assert.Equal(2, fixture.Runtime.Models.Single().Runs);
        VersionStatistics statistics = fixture.Statistics.GetStatistics("m", 1)[0];
        Assert.Equal((3, 1, 2, 2), (statistics.Success.Count, statistics.CacheHit.Count, statistics.CacheMiss.Count, statistics.InferenceCount));
        Assert.Equal(2, statistics.Compute.Count);
    }

    [Fact]
    public async Task Same_question_asked_at_once_by_many_is_run_once()
    {
        using ManualResetEventSlim open = new(false);
        await using InferenceFixture fixture = await StartAsync(Cached, (_, _, _) => open.Wait(InferenceFixture.Token));
        Task<InferenceResponse>[] asked = [.. Enumerable.Range(0, 10).Select(_ => Task.Run(() => fixture.InferAsync("m", 1, 2).AsTask()))];
        await InferenceFixture.Until(() => fixture.Statistics.GetStatistics("m", 1)[0].CacheMiss.Count == 1);
        open.Set();

        InferenceResponse[] responses = await Task.WhenAll(asked);

        Assert.Equal(1, fixture.Runtime.Models.Single().Runs);
        Assert.All(responses, static response => Assert.Equal([3f], FakeModelDefinition.Floats(response.Outputs[0])));
    }

    [Fact]
    public async Task Failure_is_not_kept_and_not_shared()
    {
        int runs = 0;
        await using InferenceFixture fixture = await StartAsync(Cached, (_, _, _) =>
        {
            if (Interlocked.Increment(ref runs) == 1)
            {
                throw new SlipwayException(ErrorCode.ModelFailed, "once");
            }
        });

        await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("m", 1, 2));
        using InferenceResponse second = await fixture.InferAsync("m", 1, 2);

        Assert.False(second.Timings.CacheHit);
    }

    [Fact]
    public async Task Answer_is_used_no_longer_than_its_time_to_live()
    {
        FakeTimeProvider time = new();
        await using InferenceFixture fixture = await StartAsync(
            Cached with { ResponseCache = new ResponseCacheConfig { TimeToLive = TimeSpan.FromSeconds(10) } }, time: time);
        (await fixture.InferAsync("m", 1, 2)).Dispose();

        time.Advance(TimeSpan.FromSeconds(9));
        using InferenceResponse fresh = await fixture.InferAsync("m", 1, 2);
        time.Advance(TimeSpan.FromSeconds(1));
        using InferenceResponse stale = await fixture.InferAsync("m", 1, 2);

        Assert.Equal((true, false), (fresh.Timings.CacheHit, stale.Timings.CacheHit));
    }

    [Fact]
    public void Store_keeps_to_its_budget_and_lets_go_of_what_was_not_used()
    {
        AnswerStore store = new(maxBytes: 3 * 300);
        CachedAnswer answer = Answer(bytes: 40);
        CacheKey[] keys = [.. Enumerable.Range(0, 4).Select(static index => new CacheKey((ulong)index, 0, 0, 0))];
        foreach (CacheKey key in keys[..3])
        {
            store.Add(key, answer);
        }

        Assert.True(store.TryGet(keys[0], 0, out _));
        store.Add(keys[3], answer);
        store.Add(new CacheKey(9, 0, 0, 0), Answer(bytes: 5000));

        Assert.True(store.TryGet(keys[0], 0, out _) && store.TryGet(keys[2], 0, out _) && store.TryGet(keys[3], 0, out _));
        Assert.False(store.TryGet(keys[1], 0, out _));
        Assert.InRange(store.Bytes, 1, 900);
    }

    [Fact]
    public void Key_depends_on_all_that_changes_the_answer_and_on_nothing_else()
    {
        InferenceRequest question = Question();
        CacheKey key = KeyOf(question);

        Assert.Equal(key, KeyOf(Question(id: "other", priority: 3)));
        Assert.Equal(key, KeyOf(Question(swap: true)));
        Assert.NotEqual(key, KeyOf(Question(value: 2)));
        Assert.NotEqual(key, KeyOf(Question(shape: [2, 1])));
        Assert.NotEqual(key, KeyOf(Question(name: "y")));
        Assert.NotEqual(key, KeyOf(Question(type: TensorDataType.Int32)));
        Assert.NotEqual(key, KeyOf(Question(outputs: ["a"])));
        Assert.NotEqual(KeyOf(Question(outputs: ["a", "b"])), KeyOf(Question(outputs: ["b", "a"])));
        Assert.NotEqual(KeyOf(Question(outputs: ["ab"])), KeyOf(Question(outputs: ["a", "b"])));
        Assert.NotEqual(key, KeyOf(Question(parameter: 1)));
        Assert.NotEqual(KeyOf(Question(parameter: 2)), KeyOf(Question(parameter: 1)));
        Assert.NotEqual(key, CacheKey.Of(Servable("other digest"), question));
    }

    private static CacheKey KeyOf(InferenceRequest request) => CacheKey.Of(Servable("digest"), request);

    private static ServableInfo Servable(string digest) =>
        new("m", 1, digest, new ModelSignature([], []), ModelConfig.Default) { Platform = "fake" };

    private static InferenceRequest Question(
        float value = 1, long[]? shape = null, string name = "x", TensorDataType type = TensorDataType.Float32, string[]? outputs = null,
        long? parameter = null, string id = "", int priority = 0, bool swap = false)
    {
        Tensor x = new(name, type, new TensorShape(shape ?? [1, 2]), BitConverter.GetBytes(value).Concat(BitConverter.GetBytes(value)).ToArray());
        Tensor z = FakeModelDefinition.Floats("z", new TensorShape(1), 1);
        return new InferenceRequest
        {
            ModelName = "m",
            Id = id,
            Priority = priority,
            Inputs = swap ? [z, x] : [x, z],
            RequestedOutputs = outputs ?? [],
            Parameters = parameter is { } number ? new Dictionary<string, ParameterValue> { ["p"] = ParameterValue.Of(number) } : new Dictionary<string, ParameterValue>(),
        };
    }

    private static CachedAnswer Answer(int bytes) => CachedAnswer.CopyOf(
        new InferenceResponse { Servable = Servable("d"), Outputs = [new Tensor("y", TensorDataType.UInt8, new TensorShape(bytes), new byte[bytes])] }, long.MaxValue);

    private static async Task<InferenceFixture> StartAsync(
        ModelConfig config, Action<FakeModel, Tensor?[], CancellationToken>? before = null, TimeProvider? time = null)
    {
        InferenceFixture fixture = new(time: time);
        fixture.Runtime.Define = _ => FakeModelDefinition.Sums.Before(before ?? ((_, _, _) => { }));
        fixture.Source.With("m", config, (1, "v"));
        return await fixture.StartAsync();
    }
}
