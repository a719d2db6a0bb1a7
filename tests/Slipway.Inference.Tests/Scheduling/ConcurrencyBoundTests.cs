using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Inference.Scheduling;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Scheduling;

/// <summary>How many runs go on at once.</summary>
public sealed class ConcurrencyBoundTests
{
    [Fact]
    public async Task Runs_of_one_model_never_exceed_its_instances()
    {
        int running = 0;
        int most = 0;
        await using InferenceFixture fixture = new(static services => services.Configure<SchedulingOptions>(static options => options.InlineThreshold = TimeSpan.Zero));
        fixture.Runtime.Define = _ => FakeModelDefinition.Sums.Before((_, _, _) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            Thread.Yield();
            Interlocked.Decrement(ref running);
        });
        fixture.Source.With("m", new ModelConfig { Instances = 2 }, (1, "v"));
        await fixture.StartAsync();

        InferenceResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 200).Select(value => fixture.InferAsync("m", value, 0).AsTask()));

        Assert.Equal(Enumerable.Range(0, 200).Select(static value => (float)value), responses.Select(static response => FakeModelDefinition.Floats(response.Outputs[0])[0]));
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Runs_of_all_models_never_exceed_the_bound_and_every_model_gets_its_turn()
    {
        int running = 0;
        int most = 0;
        await using InferenceFixture fixture = new(
            static services => services.Configure<SchedulingOptions>(static options => (options.InlineThreshold, options.MaxConcurrentRuns) = (TimeSpan.Zero, 1)));
        fixture.Runtime.Define = _ => FakeModelDefinition.Sums.Before((_, _, _) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            Thread.Yield();
            Interlocked.Decrement(ref running);
        });
        foreach (string name in new[] { "a", "b", "c" })
        {
            fixture.Source.With(name, null, (1, name));
        }

        await fixture.StartAsync();
        most = 0;

        InferenceResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 150).Select(value =>
            fixture.InferAsync(new[] { "a", "b", "c" }[value % 3], value, 0).AsTask()));

        Assert.Equal(150, responses.Length);
        Assert.Equal(1, most);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
