using Microsoft.Extensions.Hosting;

namespace Slipway.Traffic.Divisions;

/// <summary>Divides endpoints as they were when the host starts, before it serves and before rollouts change weights.</summary>
/// <param name="divisions">The divisions.</param>
public sealed class DivisionHost(DivisionService divisions) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => divisions.RestoreAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
