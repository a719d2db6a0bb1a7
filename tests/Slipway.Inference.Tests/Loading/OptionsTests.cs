using Microsoft.Extensions.Options;
using Slipway.Inference.Loading;
using Slipway.Inference.Scheduling;

namespace Slipway.Inference.Tests.Loading;

public sealed class OptionsTests
{
    [Fact]
    public void Defaults_are_valid()
    {
        Assert.True(new LoadingOptionsValidator().Validate(null, new LoadingOptions()).Succeeded);
        Assert.True(new SchedulingOptionsValidator().Validate(null, new SchedulingOptions()).Succeeded);
    }

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        ValidateOptionsResult loading = new LoadingOptionsValidator().Validate(null, new LoadingOptions
        {
            ParallelLoads = 0,
            MaxResidentBytes = -1,
            MaxResidentModels = -1,
            LoadAttempts = 0,
            RetryDelay = TimeSpan.FromDays(1),
        });
        ValidateOptionsResult scheduling = new SchedulingOptionsValidator().Validate(null, new SchedulingOptions
        {
            InlineThreshold = TimeSpan.FromSeconds(2),
            MaxConcurrentRuns = -1,
            RunThreadIdleTime = TimeSpan.Zero,
        });

        Assert.Equal((5, 3), (loading.Failures!.Count(), scheduling.Failures!.Count()));
    }
}
