using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Server.Options;
using Slipway.Server.Services;
using Slipway.Trust.Encryption;
using Slipway.Trust.Keys;
using Slipway.Trust.Policy;

namespace Slipway.Server.Trust;

/// <summary>Adds signatures and the audit log to the server.</summary>
internal static class TrustServices
{
    /// <summary>Folder of the data folder that holds the wrapped data keys of encrypted content.</summary>
    public const string EnvelopesFolder = "envelopes";

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
        services.Wrap<IModelControl>(static (provider, inner) => new AuditedModelControl(inner, provider.GetRequiredService<AuditRecorder>()));
        services.Wrap<IModelListControl>(static (provider, inner) => new AuditedModelListControl(inner, provider.GetRequiredService<AuditRecorder>()));

        string? staging = data is null ? null : Path.Combine(data, "staging");
        Empty(staging);
        AddGate(services, options, staging);
    }

    /// <summary>Adds what is asked of signatures, and the gate that asks it where something is asked. An <see cref="IAuditSink"/> is needed.</summary>
    /// <param name="services">The parts.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="staging">Where private copies of large files are made, which this process has for itself; null: the system's folder for temporary files.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: a key or certificate can't be read.</exception>
    public static void AddGate(IServiceCollection services, ServerOptions options, string? staging)
    {
        IReadOnlyList<SigningRule> rules = options.Signing.ReadRules();
        services.AddSingleton(provider => new SignaturePolicy(rules, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ISignaturePolicy>(static provider => provider.GetRequiredService<SignaturePolicy>());
        if (rules.Any(static rule => rule.Mode != SignatureMode.Allow))
        {
            services.AddSingleton<IModelGate>(provider => new SignatureGate(
                provider.GetRequiredService<SignaturePolicy>(), staging, provider.GetRequiredService<IAuditSink>(),
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SignatureGate>>()));
            services.Wrap<IVersionInspector>(static (provider, inner) => provider.GetService<IBlobStore>() is { } blobs
                ? new AdmittedVersions(inner, blobs, provider.GetRequiredService<IModelGate>())
                : inner);
        }
    }

    /// <summary>Lets answers be signed; to be called after everything that chooses a version was added.</summary>
    public static void AddReceipts(IServiceCollection services, ServerOptions options, string? data)
    {
        if (options.Receipts.Key is null && data is null)
        {
            return;
        }

        SigningKey key = options.Receipts.Key is { } file ? SigningKey.FromPem(PemFile.Read(file), null, "security.receipts.key") : OwnKey.OpenOrMake(data!, "receipt-key");
        services.AddSingleton(new ReceiptKey(key));
        services.Wrap<IInferenceService>((provider, inner) => new ReceiptService(inner, key, provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Encrypts what the registry keeps; to be called after its blob store was added.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: there is nothing to encrypt, or a key can't be read.</exception>
    public static void AddEncryption(IServiceCollection services, ServerOptions options, string? data)
    {
        if (!options.Encryption.IsEnabled)
        {
            return;
        }

        if (data is null || !services.Any(static descriptor => descriptor.ServiceType == typeof(IBlobStore)))
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, "security.encryption: this server keeps no blobs: give it a data folder");
        }

        IKeyWrapper wrapper = options.Encryption.CreateWrapper(TimeProvider.System);
        services.AddSingleton(wrapper);
        services.AddSingleton<IEnvelopeStore>(new FolderEnvelopeStore(Path.Combine(data, EnvelopesFolder)));
        services.Wrap<IBlobStore>(static (provider, inner) => new EncryptedBlobStore(
            inner, provider.GetRequiredService<IEnvelopeStore>(), provider.GetRequiredService<IKeyWrapper>()));
    }

    // What a server that was killed had staged.
    private static void Empty(string? staging)
    {
        if (staging is not null && Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }
    }

    private static void Wrap<T>(this IServiceCollection services, Func<IServiceProvider, T, T> wrap)
        where T : class
    {
        if (services.Any(static descriptor => descriptor.ServiceType == typeof(T)))
        {
            Func<IServiceProvider, T> inner = services.TakeOut<T>();
            services.AddSingleton(provider => wrap(provider, inner(provider)));
        }
    }
}
