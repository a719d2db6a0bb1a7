using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Server.Traffic;

/// <summary>Says once, when all models have been tried, which arms and shadows name versions that are not there.</summary>
internal sealed partial class EndpointReport(TrafficService traffic, TimeProvider time, ILogger<EndpointReport> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (traffic.Endpoints.Count == 0)
        {
            return;
        }

        try
        {
            using PeriodicTimer timer = new(Pause, time);
            while (!traffic.Models.IsReady && await timer.WaitForNextTickAsync(stoppingToken))
            {
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        foreach (EndpointDefinition endpoint in traffic.Endpoints.Select(static status => status.Definition))
        {
            foreach (ArmDefinition arm in endpoint.Arms)
            {
                Check(endpoint.Name, "arms." + arm.Name, arm.Model, arm.Version);
            }

            foreach (ShadowDefinition shadow in endpoint.Shadows)
            {
                Check(endpoint.Name, "shadows." + shadow.Name, shadow.Model, shadow.Version);
            }
        }
    }

    private void Check(string endpoint, string key, string name, VersionSelector version)
    {
        if (ArmTargets.Problem(traffic.Models, name, version) is { } problem)
        {
            LogMissing(logger, endpoint, key, problem);
        }
    }

    [LoggerMessage(7020, LogLevel.Warning, "endpoints.{Endpoint}.{Key}: {Problem}")]
    private static partial void LogMissing(ILogger logger, string endpoint, string key, string problem);
}
