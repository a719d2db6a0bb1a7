using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Pipelines.Serving;

/// <summary>Follows the models of all pipelines, so that a pipeline that no longer fits is told before a request finds out.</summary>
public sealed partial class PipelineWatch(PipelineService pipelines, TimeProvider time, ILogger<PipelineWatch> logger) : BackgroundService
{
    private static readonly TimeSpan AtStart = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Afterwards = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (pipelines.IsEmpty)
        {
            return;
        }

        try
        {
            using PeriodicTimer timer = new(AtStart, time);
            do
            {
                await RefreshAsync(stoppingToken);
                if (timer.Period != Afterwards && pipelines.Catalog.IsReady)
                {
                    timer.Period = Afterwards;
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
        }
    }

    // A fault of one look is not the end of looking.
    private async Task RefreshAsync(CancellationToken stoppingToken)
    {
        try
        {
            await pipelines.RefreshAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogFault(logger, exception);
        }
    }

    [LoggerMessage(8010, LogLevel.Error, "Looking at the models of pipelines failed")]
    private static partial void LogFault(ILogger logger, Exception exception);
}
