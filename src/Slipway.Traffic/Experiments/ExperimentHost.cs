using Microsoft.Extensions.Hosting;
using Slipway.Traffic.Hosting;

namespace Slipway.Traffic.Experiments;

/// <summary>Takes experiments up when the host starts, before it serves, and looks at them every second.</summary>
/// <param name="experiments">The experiments.</param>
/// <param name="time">The clock.</param>
public sealed class ExperimentHost(ExperimentService experiments, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await experiments.RestoreAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.RunAsync(Every, time, _ => experiments.LookAsync(stoppingToken), stoppingToken);
}
