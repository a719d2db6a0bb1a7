using Microsoft.Extensions.Hosting;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// Takes rollouts up when the host starts, before it serves, and looks at them four times a second, so that going back takes effect within a second. Rounds with the store run beside the
/// looks, as often while a rollout is under way and once a second otherwise.
/// </summary>
/// <param name="rollouts">The rollouts.</param>
/// <param name="time">The clock.</param>
public sealed class RolloutHost(RolloutService rollouts, TimeProvider time) : BackgroundService
{
    private const int IdleTicks = 4;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await rollouts.RestoreAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(LookAsync(stoppingToken), SyncAsync(stoppingToken), AskAsync(stoppingToken));

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                rollouts.Look();
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task SyncAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Every, time);
        try
        {
            for (int tick = 0; await timer.WaitForNextTickAsync(stoppingToken); tick++)
            {
                if (rollouts.HasWork || tick % IdleTicks == 0)
                {
                    await rollouts.SyncAsync(stoppingToken);
                }

                if (tick % IdleTicks == 0)
                {
                    await rollouts.LookAtAliasesAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    // By itself: a server of metrics that hangs keeps nothing else waiting.
    private async Task AskAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await rollouts.AskMetricsAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
