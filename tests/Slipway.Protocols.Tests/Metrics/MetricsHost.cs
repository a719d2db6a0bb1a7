using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.Tests.Metrics;

/// <summary>A real server with nothing but the metrics routes, on a free loopback port.</summary>
internal sealed class MetricsHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MetricsHost(WebApplication app)
    {
        _app = app;
        Client = new HttpClient
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public Meter Meter => field ??= Services.GetRequiredService<IMeterFactory>().Create("Slipway.Tests");

    public static async Task<MetricsHost> StartAsync(Action<SlipwayMetricsOptions>? configure = null, IModelStatistics? statistics = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSlipwayMetrics(configure);
        if (statistics is not null)
        {
            builder.Services.AddSingleton(statistics);
        }

        WebApplication app = builder.Build();
        app.MapMetrics();
        await app.StartAsync();
        return new MetricsHost(app);
    }

    public async Task<StrictExposition> ScrapeAsync(bool openMetrics = false, string path = "/metrics")
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(openMetrics ? "application/openmetrics-text; version=1.0.0" : "text/plain"));
        using HttpResponseMessage response = await Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string text = await response.Content.ReadAsStringAsync();
        return openMetrics ? StrictExposition.OfOpenMetrics(text) : StrictExposition.OfPrometheus(text);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
