using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Registry;
using Slipway.Server.Options;
using Slipway.Server.Outbound;
using Slipway.Server.Services;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Divisions;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Experiments;
using Slipway.Traffic.Rewards;
using Slipway.Traffic.Rollouts;
using Slipway.Traffic.Routing;
using Slipway.Traffic.Telemetry;

namespace Slipway.Server.Traffic;

/// <summary>Puts routing around inference.</summary>
internal static class TrafficComposition
{
    /// <summary>Wraps what <c>AddSlipwayInference</c> registered; whatever wraps it afterwards lies outside.</summary>
    public static void AddTraffic(this IServiceCollection services, ServerOptions options)
    {
        Func<IServiceProvider, IInferenceService> inference = services.TakeOut<IInferenceService>();
        Func<IServiceProvider, IModelCatalog> catalog = services.TakeOut<IModelCatalog>();
        Func<IServiceProvider, IModelStatistics> statistics = services.TakeOut<IModelStatistics>();
        Func<IServiceProvider, IModelControl> control = services.TakeOut<IModelControl>();
        services.AddSingleton<TrafficMetrics>();
        services.AddSingleton(provider =>
        {
            TrafficService traffic = new(inference(provider), catalog(provider), NewRandom(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<TrafficMetrics>());
            foreach (EndpointDefinition endpoint in options.Endpoints)
            {
                traffic.Put(endpoint);
            }

            return traffic;
        });
        services.AddSingleton(static provider => provider.GetRequiredService<ExperimentService>().Wrap(
            provider.GetRequiredService<RolloutService>().Wrap(provider.GetRequiredService<TrafficService>().Inference)));
        services.AddSingleton(static provider => provider.GetRequiredService<TrafficService>().Catalog);
        services.AddSingleton(provider => provider.GetRequiredService<TrafficService>().Wrap(statistics(provider)));
        services.AddSingleton(provider => provider.GetRequiredService<TrafficService>().Wrap(control(provider)));
        services.TryAddSingleton<ISharedRecords, MemorySharedRecords>();
        services.AddSingleton(static provider => new DivisionService(
            provider.GetRequiredService<TrafficService>(),
            provider.GetRequiredService<ISharedRecords>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DivisionService>>()));
        services.AddHostedService<DivisionHost>();
        services.AddSingleton(provider => new RolloutService(
            provider.GetRequiredService<TrafficService>(),
            options.Endpoints,
            provider.GetRequiredService<ISharedRecords>(),
            provider.GetKeyedService<IModelRegistry>(RegistryServices.Unguarded),
            provider.GetService<IAuditSink>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RolloutService>>(),
            options.RolloutMetrics,
            options.RolloutTriggers,
            provider.GetRequiredService<OutboundConnections>().Handler));
        services.AddSingleton<IFeedbackSink>(static provider => provider.GetRequiredService<RolloutService>());
        services.AddHostedService<RolloutHost>();
        services.AddExperiments(options);
        services.AddRewards(options);
        services.AddHostedService<EndpointReport>();
    }

    // After the rollouts, which put endpoints back to where they were: that is the division that experiments run on.
    private static void AddExperiments(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<IExperimentStore>(options.Data is { } data ? new FileExperimentStore(Path.Combine(Path.GetFullPath(data), "experiments")) : new MemoryExperimentStore());
        services.AddSingleton(provider => new ExperimentService(
            provider.GetRequiredService<TrafficService>(),
            options.Experiments,
            provider.GetRequiredService<IExperimentStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ExperimentService>>(),
            provider.GetService<IAuditSink>()));
        services.AddSingleton<IFeedbackSink>(static provider => provider.GetRequiredService<ExperimentService>());
        services.AddHostedService<ExperimentHost>();
    }

    private static void AddRewards(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<IDecisionStore>(options.Data is { } data ? new FileDecisionStore(Path.Combine(Path.GetFullPath(data), "bandits")) : new MemoryDecisionStore());
        services.AddSingleton(static provider => new RewardService(
            provider.GetRequiredService<TrafficService>(),
            provider.GetRequiredService<ISharedRecords>(),
            provider.GetRequiredService<IDecisionStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RewardService>>()));
        services.AddSingleton<IFeedbackSink>(static provider => provider.GetRequiredService<RewardService>());
        services.AddHostedService<RewardHost>();
    }

    private static SeededRandom NewRandom()
    {
        Span<byte> seed = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(seed);
        return new SeededRandom(BinaryPrimitives.ReadUInt64LittleEndian(seed));
    }
}
