using Microsoft.Extensions.Hosting;
using Slipway.Traffic.Hosting;

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

    // Metrics by themselves: a server of theirs that hangs keeps nothing else waiting.
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Rounds.RunAsync(Every, time, _ => Look(), stoppingToken),
        Rounds.RunAsync(Every, time, tick => SyncAsync(tick, stoppingToken), stoppingToken),
        Rounds.RunAsync(Every, time, _ => rollouts.AskMetricsAsync(stoppingToken), stoppingToken));

    private Task Look()
    {
        rollouts.Look();
        return Task.CompletedTask;
    }

    private async Task SyncAsync(int tick, CancellationToken stoppingToken)
    {
        bool isIdleTick = tick % IdleTicks == 0;
        if (rollouts.HasWork || isIdleTick)
        {
            await rollouts.SyncAsync(stoppingToken);
        }

        if (isIdleTick)
        {
            await rollouts.LookAtAliasesAsync(stoppingToken);
        }
    }
}
