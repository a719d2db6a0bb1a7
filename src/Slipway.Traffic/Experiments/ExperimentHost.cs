using Microsoft.Extensions.Hosting;

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
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await experiments.LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
