using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slipway.Core;
using Slipway.OnnxRuntime;
using Slipway.Server.Listeners;
using Slipway.Server.Options;

namespace Slipway.Server.Hosting;

/// <summary>A running server.</summary>
public sealed class SlipwayServer : IAsyncDisposable
{
    private static readonly TimeSpan ReadyCheck = TimeSpan.FromMilliseconds(5);

    private readonly WebApplication _application;

    private SlipwayServer(WebApplication application, IReadOnlyDictionary<string, Uri> addresses)
    {
        _application = application;
        Addresses = addresses;
    }

    /// <summary>Where the listeners <c>http</c>, <c>grpc</c> and <c>admin</c> really are.</summary>
    public IReadOnlyDictionary<string, Uri> Addresses { get; }

    /// <summary>The server's parts, for those who run it inside their own program.</summary>
    public IServiceProvider Services => _application.Services;

    /// <summary>
    /// Opens the listeners and begins to load models; does not wait for them.
    /// </summary>
    /// <param name="options">What the server is told.</param>
    /// <param name="customize">Replaces or adds parts before the server is built; null: none.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>, naming every fault.</exception>
    public static async Task<SlipwayServer> StartAsync(
        ServerOptions options, Action<IServiceCollection>? customize = null, CancellationToken cancellationToken = default)
    {
        ListenerSet listeners = ListenerSet.Create(options);

        // Takes as long as putting the host together, and needs nothing of it.
        OnnxModelRuntime.BeginLoadingLibrary();
        WebApplication application = Composition.Build(options, listeners, customize);
        try
        {
            FirstKey.Create(application.Services, Console.Error);
            await application.StartAsync(cancellationToken);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        return new SlipwayServer(application, KestrelListeners.BoundTo(application.Services.GetRequiredService<IServer>(), listeners));
    }

    /// <summary>Starts a server, says on <paramref name="output"/> when it is ready, and returns after it was told to stop and has drained.</summary>
    public static Task RunAsync(ServerOptions options, TextWriter output, CancellationToken cancellationToken) => RunAsync(options, output, null, cancellationToken);

    /// <summary>As the other one, with parts replaced or added before the server is built.</summary>
    internal static async Task RunAsync(ServerOptions options, TextWriter output, Action<IServiceCollection>? customize, CancellationToken cancellationToken)
    {
        SlipwayServer started;
        try
        {
            started = await StartAsync(options, customize, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Told to stop by a signal before it had started: there is nothing to drain, and nothing has failed.
            return;
        }

        await using SlipwayServer server = started;
        if (await server.WaitUntilReadyAsync(cancellationToken))
        {
            await output.WriteLineAsync(ReadyLine.Format(server.Addresses, server.CountServedModels()));
            await output.FlushAsync(cancellationToken);
        }

        await server.WaitForShutdownAsync(cancellationToken);
    }

    /// <summary>Completes when every model that ought to be loaded has been tried.</summary>
    /// <returns>False when the server was told to stop before that.</returns>
    public async Task<bool> WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        IModelCatalog catalog = Services.GetRequiredService<IModelCatalog>();
        CancellationToken stopping = Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using PeriodicTimer timer = new(ReadyCheck, Services.GetRequiredService<TimeProvider>());
        while (!catalog.IsReady)
        {
            if (stopping.IsCancellationRequested || !await timer.WaitForNextTickAsync(cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Number of models that answer requests: a version is ready, or is loaded with the first request.</summary>
    public int CountServedModels() => Services.GetRequiredService<IModelCatalog>().GetModels().Count(ServedModels.IsServed);

    /// <summary>Completes when the server was told to stop, by a signal or <see cref="StopAsync"/>, and has drained.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _application.WaitForShutdownAsync(cancellationToken);

    /// <summary>Drains and stops.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    /// <summary>Stops at once what still runs and frees everything.</summary>
    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
