using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Bench.Baselines;

/// <summary>Runs one request delegate on a bare Kestrel and says on standard output where, in the form of Slipway's own ready line.</summary>
internal static class BaselineServer
{
    public static async Task RunAsync(bool http2, RequestDelegate answer, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 64 << 20;
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = http2 ? HttpProtocols.Http2 : HttpProtocols.Http1);
        });
        await using WebApplication app = builder.Build();
        app.Run(answer);
        await app.StartAsync(cancellationToken);
        string address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority;
        Console.WriteLine($"baseline ready http={address} grpc={address}");
        await app.WaitForShutdownAsync(cancellationToken);
    }
}
