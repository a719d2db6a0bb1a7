using Microsoft.Extensions.Hosting;
using Slipway.Traffic.Hosting;

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
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.RunAsync(Every, time, _ => rewards.SyncAsync(stoppingToken), stoppingToken);
}
