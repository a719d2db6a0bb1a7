using Microsoft.Extensions.Hosting;

namespace Slipway.Traffic.Rewards;

/// <summary>Takes bandits up when the host starts, before it serves, and shares what they learn every second.</summary>
/// <param name="rewards">The rewards.</param>
/// <param name="time">The clock.</param>
public sealed class RewardHost(RewardService rewards, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (rewards.HasWork)
        {
            await rewards.RestoreAsync(cancellationToken);
        }

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
                await rewards.SyncAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
