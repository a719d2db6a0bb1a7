using Microsoft.Extensions.Hosting;

namespace Slipway.Traffic.Rollouts;

/// <summary>Takes rollouts up when the host starts, before it serves, and looks at them four times a second, so that going back takes effect within a second.</summary>
/// <param name="rollouts">The rollouts.</param>
/// <param name="time">The clock.</param>
public sealed class RolloutHost(RolloutService rollouts, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await rollouts.RestoreAsync(cancellationToken);
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
                await rollouts.LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
