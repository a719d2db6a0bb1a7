using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Slipway.Formats.Conversion;
using Slipway.Inference;
using Slipway.Inference.Loading;
using Slipway.Inference.Scheduling;
using Slipway.Mlflow;
using Slipway.OnnxRuntime;
using Slipway.Protocols;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Http;
using Slipway.Protocols.Metrics;
using Slipway.Protocols.SageMaker;
using Slipway.Protocols.TensorFlowServing.Rest;
using Slipway.Security;
using Slipway.Security.Authorization;
using Slipway.Security.Origins;
using Slipway.Server.Configuration;
using Slipway.Server.Draining;
using Slipway.Server.Listeners;
using Slipway.Server.Logging;
using Slipway.Server.Management;
using Slipway.Server.Options;
using Slipway.Server.Outbound;
using Slipway.Server.Pipelines;
using Slipway.Server.Registry;
using Slipway.Server.Sources;
using Slipway.Server.Stores;
using Slipway.Server.Telemetry;
using Slipway.Server.Traffic;
using Slipway.Server.Trust;

namespace Slipway.Server.Hosting;

/// <summary>
/// Puts the rooms together. The builder starts empty: no settings files or variables other than our own are read, and nothing is paid for at start that is not used.
/// </summary>
internal static class Composition
{
    /// <summary>Builds the server; nothing runs yet.</summary>
    public static WebApplication Build(ServerOptions options, ListenerSet listeners, Action<IServiceCollection>? customize)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "slipway" });
        ServerLogging.Configure(builder.Logging, options.Logging);
        AddHosting(builder, options, listeners);
        builder.Services.TryAddSingleton<OutboundConnections>();
        AddRooms(builder.Services, options);
        TrustServices.AddEncryption(builder.Services, options, options.Data is null ? null : Path.GetFullPath(options.Data));
        builder.Services.AddTelemetry(options.Telemetry);
        customize?.Invoke(builder.Services);

        // Last, so that its guards are around whatever else wraps the waist.
        builder.Services.AddSlipwaySecurity(options.Security, options.Data is null ? null : Path.GetFullPath(options.Data));

        WebApplication application = builder.Build();
        EffectiveSettings.Log(application.Logger, options);
        ServerLogging.WarnIfExposed(application.Logger, listeners);
        application.UseRouting();
        application.UseTelemetry(options.Telemetry);

        // Inside the span of a traced request, whose id its line carries.
        if (options.Logging.Access)
        {
            application.UseMiddleware<AccessLog>();
        }

        application.UseMiddleware<DrainGate>();
        application.UseMiddleware<UnreadBody>();
        application.UseMiddleware<PlaneGate>();
        application.UseMiddleware<BrowserGate>(new BrowserPolicy(options.Security.AllowedHosts, options.Security.AllowedOrigins, Exposure.Of));
        if (options.Security.RequireAuthentication)
        {
            application.UseMiddleware<AccessGate>();
        }

        Endpoints.Map(application, options);
        return application;
    }

    private static void AddHosting(WebApplicationBuilder builder, ServerOptions options, ListenerSet listeners)
    {
        ConnectionCounter connections = new();
        DrainState drain = new();
        IServiceCollection services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(listeners);
        services.AddSingleton(connections);
        services.AddSingleton(drain);
        services.AddSingleton<IRefusalWriter, RefusalWriter>();
        services.AddSingleton(new ServerStart(TimeProvider.System.GetUtcNow()));
        services.AddRoutingCore();
        services.AddSingleton<MatcherPolicy, PlanePolicy>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Limits.ShutdownDelay + options.Limits.ShutdownTimeout);
        services.AddSingleton<IHostLifetime, SignalLifetime>();
        services.AddHostedService(provider => new ShutdownDelay(options.Limits.ShutdownDelay, provider.GetRequiredService<TimeProvider>()));

        builder.WebHost.UseKestrelCore();

        // After Kestrel's own factory, in whose place it comes.
        services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionMemoryPoolFactory>();
        if (listeners.All.Any(listener => listener.Tls is not null))
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        services.Configure<KestrelServerOptions>(kestrel => KestrelListeners.Configure(kestrel, listeners, options.Limits, connections));

        // Registered last, so that Kestrel asks it first.
        services.AddSingleton<SocketTransportFactory>();
        services.AddSingleton<IConnectionListenerFactory>(provider => new DrainingTransport(
            new ListenerTransport(provider.GetRequiredService<SocketTransportFactory>()), drain, connections, provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddRooms(IServiceCollection services, ServerOptions options)
    {
        string? data = options.Data is null ? null : Path.GetFullPath(options.Data);
        services.AddShippedFormats();
        services.Configure<ConvertedModelOptions>(converted =>
        {
            converted.Folder = data is not null && options.Models.KeepConverted ? Path.Combine(data, "converted") : null;
            converted.MaxBytes = options.Models.MaxConvertedBytes;
        });
        services.Configure<OnnxRuntimeOptions>(engine =>
        {
            engine.IntraOpThreads = options.Engine.Threads;
            engine.AllowSpinning = options.Engine.Spinning;
            engine.OptimizedModelFolder = data is not null && options.Engine.KeepOptimized ? Path.Combine(data, "optimized") : null;
            engine.ProfilingFolder = data is null ? null : Path.Combine(data, "profiles");
        });
        RegistryComposition.Add(services, options);
        if (data is not null)
        {
            services.AddHostedService<StoreMetrics>();
        }

        ModelSources.Add(services, options.Models);
        services.AddSlipwayInference();
        TrustServices.Add(services, options, data);
        services.Configure<LoadingOptions>(loading =>
        {
            loading.ParallelLoads = options.Models.ParallelLoads;
            loading.MaxResidentBytes = options.Models.MaxResidentBytes;
            loading.MaxResidentModels = options.Models.MaxResident;
        });
        services.Configure<SchedulingOptions>(scheduling =>
        {
            scheduling.InlineThreshold = options.Engine.InlineThreshold;
            scheduling.MaxConcurrentRuns = options.Engine.MaxConcurrentRuns;
        });
        services.AddPipelinesWithin(options, () => services.AddTraffic(options));
        TrustServices.AddReceipts(services, options, data);
        services.AddSlipwayProtocols();
        services.AddSlipwayMlflow();
        services.Configure<HttpProtocolOptions>(http => http.MaxBodyBytes = options.Limits.MaxRequestBytes);
        services.Configure<TensorFlowServingOptions>(tensorflow => tensorflow.EnableCors = options.Protocols.TensorflowCors);
        services.Configure<SageMakerOptions>(sagemaker => sagemaker.Model = options.Protocols.SageMakerModel);
        services.Configure<GrpcOptions>(grpc => grpc.MaxReceiveMessageSize = (int)Math.Min(options.Limits.MaxRequestBytes, grpc.MaxReceiveMessageSize));
        services.AddSlipwayMetrics(metrics =>
        {
            metrics.MaxSeriesPerInstrument = options.Metrics.MaxSeries;
            metrics.Exemplars = options.Metrics.Exemplars;
            metrics.TritonNames = options.Protocols.TritonMetrics;
            metrics.TensorFlowNames = options.Protocols.TensorflowMetrics;
        });
    }
}
