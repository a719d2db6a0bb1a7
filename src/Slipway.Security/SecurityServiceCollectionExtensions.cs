using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Security.Auditing;
using Slipway.Security.Authentication;
using Slipway.Security.Authorization;
using Slipway.Security.Certificates;
using Slipway.Security.Keys;
using Slipway.Security.Limits;
using Slipway.Security.Policies;
using Slipway.Security.Registry;
using Slipway.Security.Tokens;

namespace Slipway.Security;

/// <summary>Brings security into a container.</summary>
public static class SecurityServiceCollectionExtensions
{
    /// <summary>
    /// Adds what <see cref="AccessGate"/> needs and puts guards around the waist. To be called last: the guards go around what is registered then. Nothing is added where
    /// authentication is not required, so that nothing is paid for it.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="options">What the operator asked for.</param>
    /// <param name="dataFolder">Full path of the data folder, which keeps API keys; null: they are forgotten when the server stops.</param>
    public static IServiceCollection AddSlipwaySecurity(this IServiceCollection services, SecurityOptions options, string? dataFolder)
    {
        RoleSet roles = options.Check();
        if (!options.RequireAuthentication)
        {
            return services;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IAuditSink, LoggingAuditSink>();
        services.TryAddSingleton<DeniedAttempts>();
        services.TryAddSingleton<ModelAccess>();
        services.TryAddSingleton<RegistryRights>();
        services.AddSingleton(roles);
        if (options.ApiKeys)
        {
            services.TryAddSingleton<IApiKeyStore>(dataFolder is null ? new MemoryApiKeyStore() : new FileApiKeyStore(dataFolder));
            services.TryAddSingleton<ApiKeys>();
        }

        if (options.Tokens.Count > 0)
        {
            services.TryAddSingleton<IDocumentFetcher, HttpDocumentFetcher>();
            services.TryAddSingleton<ITokenVerifier>(provider => new TokenVerifier(
                options.Tokens, roles, provider.GetRequiredService<IDocumentFetcher>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TokenVerifier>>()));
        }

        if (options.Certificates.Count > 0)
        {
            services.TryAddSingleton<ICertificateVerifier>(new ClientCertificates(options.Certificates, roles));
        }

        services.TryAddSingleton(static provider => new Authenticator(
            provider.GetService<ApiKeys>(), provider.GetService<ITokenVerifier>(), provider.GetService<ICertificateVerifier>()));
        if (options.Limits.Count > 0)
        {
            services.TryAddSingleton(provider => new RateLimiter(options.Limits, provider.GetRequiredService<TimeProvider>()));
            services.Wrap<IInferenceService>(static (inner, provider) => new LimitedInferenceService(
                inner, provider.GetRequiredService<RateLimiter>(), new RowCounter(provider.GetRequiredService<IModelCatalog>())));
        }

        AddGuards(services);
        return services;
    }

    private static void AddGuards(IServiceCollection services)
    {
        services.Wrap<IInferenceService>(static (inner, provider) => new GuardedInferenceService(inner, provider.GetRequiredService<ModelAccess>()));
        services.Wrap<IModelCatalog>(static (inner, _) => new GuardedModelCatalog(inner));
        services.Wrap<IModelControl>(static (inner, provider) => new GuardedModelControl(inner, provider.GetRequiredService<ModelAccess>()));
        services.Wrap<IModelListControl>(static (inner, provider) => new GuardedModelListControl(inner, provider.GetRequiredService<ModelAccess>()));
        services.Wrap<IModelStatistics>(static (inner, _) => new GuardedModelStatistics(inner));

        // The registry's lineage and artifacts ask for experiments, which are guarded themselves.
        services.Wrap<ITrackingStore>(static (inner, provider) => new GuardedTrackingStore(inner, provider.GetRequiredService<RegistryRights>()));
        services.Wrap<IModelRegistry>(static (inner, provider) => new GuardedModelRegistry(inner, provider.GetRequiredService<ITrackingStore>(), provider.GetRequiredService<RegistryRights>()));
        services.Wrap<IArtifactStore>(static (inner, provider) => new GuardedArtifactStore(inner, provider.GetRequiredService<ITrackingStore>(), provider.GetRequiredService<RegistryRights>()));
    }
}
