using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Protocols.Metrics.Otlp;

namespace Slipway.Server.Telemetry;

/// <summary>
/// Sends metrics to the collector at each interval and once more when the host stops. What is sent are sums since the start, so that a collector which was away misses moments and no
/// counts. A collector that can't be reached disturbs nobody.
/// </summary>
internal sealed partial class MetricsExport(TelemetryOptions options, OtlpMetrics metrics, HttpMessageHandler connections, TimeProvider time, ILogger<MetricsExport> logger) : BackgroundService
{
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastSendLimit = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(connections, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    private bool _isFailing;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SendAsync(LastSendLimit, cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(options.MetricsInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SendAsync(SendLimit, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task SendAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using HttpRequestMessage request = OtlpRequests.ForMetrics(options, metrics.Encode());
            using HttpResponseMessage response = await _http.SendAsync(request, either.Token);
            Note(OtlpRequests.Refusal(response));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (OperationCanceledException)
        {
            Note("no answer in time");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            Note(exception.InnerException?.Message ?? exception.Message);
        }
    }

    // A failure is said once, until it works again.
    private void Note(string? failure)
    {
        if (failure is not null && !_isFailing)
        {
            LogFailed(logger, failure);
        }

        _isFailing = failure is not null;
    }

    [LoggerMessage(7010, LogLevel.Warning, "The telemetry collector takes no metrics: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
