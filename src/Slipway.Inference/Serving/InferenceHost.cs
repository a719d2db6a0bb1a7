using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Inference.Scheduling;
using Slipway.Inference.Telemetry;
using Slipway.Inference.Versions;

namespace Slipway.Inference.Serving;

/// <summary>
/// Starts and ends inference with the host. Start: follow the model source, without waiting for models. End, in stages: say that the server leaves, take no
/// more requests, stop loading, finish what began, free every model.
/// </summary>
internal sealed partial class InferenceHost(
    DesiredStateWatcher watcher,
    VersionManager manager,
    ModelDirectory directory,
    Admission admission,
    InferenceMetrics metrics,
    ModelObserver observer,
    RunThreads threads,
    IHostApplicationLifetime lifetime,
    ILogger<InferenceHost> logger) : IHostedService, IAsyncDisposable, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private CancellationTokenRegistration _leaving;
    private Task _watching = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _leaving = lifetime.ApplicationStopping.Register(static state => ((Admission)state!).Leave(), admission);
        metrics.Observe(observer.Versions, () => threads.Count);
        _watching = watcher.RunAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        LogStage(logger, "stop admitting");
        admission.Close();
        await _stopping.CancelAsync();
        await _watching.WaitAsync(cancellationToken);
        LogStage(logger, "stop loading");
        await manager.StopLoadingAsync().WaitAsync(cancellationToken);
        LogStage(logger, "drain and unload");
        await manager.UnloadAllAsync(directory.Models.Values).WaitAsync(cancellationToken);
        LogStage(logger, "done");
    }

    public async ValueTask DisposeAsync()
    {
        // A host that was not stopped, or whose start failed, is disposed as it runs. The source goes next: nobody may follow it any more.
        await _stopping.CancelAsync();
        await _watching;
        Dispose();
    }

    public void Dispose()
    {
        _leaving.Dispose();
        _stopping.Dispose();
    }

    [LoggerMessage(2040, LogLevel.Information, "Shutting down inference: {Stage}")]
    private static partial void LogStage(ILogger logger, string stage);
}
