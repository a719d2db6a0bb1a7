using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Server.Options;
using Slipway.Trust.Policy;

namespace Slipway.Server.Trust;

/// <summary>Adds signatures and the audit log to the server.</summary>
internal static class TrustServices
{
    /// <summary>Adds them; to be called after inference was added.</summary>
    /// <param name="services">The server's parts.</param>
    /// <param name="options">What the server is told.</param>
    /// <param name="data">Full path of the data folder; null: none.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: a key or certificate can't be read.</exception>
    public static void Add(IServiceCollection services, ServerOptions options, string? data)
    {
        services.AddSingleton(provider => new ServerAudit(data, options.Audit.Key, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ServerAudit>>()));
        services.AddSingleton<IAuditSink>(static provider => provider.GetRequiredService<ServerAudit>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(static provider => provider.GetRequiredService<ServerAudit>()));
        services.AddSingleton<AuditRecorder>();
        services.Decorate<IModelControl>(static (provider, inner) => new AuditedModelControl(inner, provider.GetRequiredService<AuditRecorder>()));
        services.Decorate<IModelListControl>(static (provider, inner) => new AuditedModelListControl(inner, provider.GetRequiredService<AuditRecorder>()));

        IReadOnlyList<SigningRule> rules = options.Signing.ReadRules();
        services.AddSingleton(provider => new SignaturePolicy(rules, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ISignaturePolicy>(static provider => provider.GetRequiredService<SignaturePolicy>());
        if (rules.Any(static rule => rule.Mode != SignatureMode.Allow))
        {
            string? staging = data is null ? null : Path.Combine(data, "staging");
            Empty(staging);
            services.AddSingleton<IModelGate>(provider => new SignatureGate(
                provider.GetRequiredService<SignaturePolicy>(), staging, provider.GetRequiredService<IAuditSink>(),
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SignatureGate>>()));
        }
    }

    // What a server that was killed had staged.
    private static void Empty(string? staging)
    {
        if (staging is not null && Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }
    }

    private static void Decorate<T>(this IServiceCollection services, Func<IServiceProvider, T, T> wrap)
        where T : class
    {
        if (services.LastOrDefault(static descriptor => descriptor.ServiceType == typeof(T)) is not { } inner)
        {
            return;
        }

        services.Remove(inner);
        services.AddSingleton(provider => wrap(provider, (T)(inner.ImplementationFactory?.Invoke(provider)
            ?? inner.ImplementationInstance
            ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!))));
    }
}
