using Microsoft.Extensions.Hosting;

namespace Slipway.Server.Draining;

/// <summary>
/// Goes on serving for a while after the server was told to stop. Readiness is false from the signal on, so that a load balancer can notice
/// before connections are refused.
/// </summary>
internal sealed class ShutdownDelay(TimeSpan delay, TimeProvider time) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => delay > TimeSpan.Zero ? Task.Delay(delay, time, cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
