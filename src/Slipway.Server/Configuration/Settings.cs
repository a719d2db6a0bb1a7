using Microsoft.Extensions.Logging;
using Slipway.Server.Configuration.Pipelines;
using Slipway.Server.Configuration.Traffic;
using Slipway.Server.Options;
using Slipway.Server.Telemetry;
using static Slipway.Server.Configuration.SettingParsers;

namespace Slipway.Server.Configuration;

/// <summary>Every setting there is. A new one is one line here and one in docs/configuration.md, which a test compares.</summary>
internal static class Settings
{
    private static readonly Dictionary<string, LogLevel> Levels = new(StringComparer.Ordinal)
    {
        ["trace"] = LogLevel.Trace,
        ["debug"] = LogLevel.Debug,
        ["information"] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
        ["none"] = LogLevel.None,
    };

    private static readonly Dictionary<string, LogFormat> Formats = new(StringComparer.Ordinal)
    {
        ["text"] = LogFormat.Text,
        ["json"] = LogFormat.Json,
    };

    private static readonly Dictionary<string, OtlpProtocol> OtlpProtocols = new(StringComparer.Ordinal)
    {
        ["http"] = OtlpProtocol.Http,
        ["grpc"] = OtlpProtocol.Grpc,
    };

    /// <summary>All settings, in the order in which they are shown.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Of("data", Text, o => o.Data, (o, v) => o.Data = v),

        Setting.Of("listeners.http", Listener("127.0.0.1:8080"), o => o.Listeners.Http, (o, v) => o.Listeners.Http = v.Over(o.Listeners.Http)),
        Setting.Of("listeners.grpc", Listener("127.0.0.1:8081"), o => o.Listeners.Grpc, (o, v) => o.Listeners.Grpc = v.Over(o.Listeners.Grpc)),
        Setting.Of("listeners.admin", Listener("127.0.0.1:8090"), o => o.Listeners.Admin, (o, v) => o.Listeners.Admin = v.Over(o.Listeners.Admin)),

        Setting.Of("models.path", Text, o => o.Models.Path, (o, v) => o.Models.Path = v),
        Setting.Of("models.tensorflowServingConfig", Text, o => o.Models.TensorflowServingConfig, (o, v) => o.Models.TensorflowServingConfig = v),
        Setting.Of("models.defaults", ModelDefaults, o => o.Models.Defaults, (o, v) => o.Models.Defaults = v),
        Setting.Of("models.watch", Bool, o => o.Models.Watch, (o, v) => o.Models.Watch = v),
        Setting.Of("models.poll", Duration, o => o.Models.Poll, (o, v) => o.Models.Poll = v),
        Setting.Of("models.settle", Duration, o => o.Models.Settle, (o, v) => o.Models.Settle = v),
        Setting.Of("models.keepConverted", Bool, o => o.Models.KeepConverted, (o, v) => o.Models.KeepConverted = v),
        Setting.Of("models.maxConvertedBytes", Size, o => o.Models.MaxConvertedBytes, (o, v) => o.Models.MaxConvertedBytes = v),
        Setting.Of("models.parallelLoads", Number(1, 1024), o => o.Models.ParallelLoads, (o, v) => o.Models.ParallelLoads = v),
        Setting.Of("models.maxResidentBytes", Size, o => o.Models.MaxResidentBytes, (o, v) => o.Models.MaxResidentBytes = v),
        Setting.Of("models.maxResident", Number(0), o => o.Models.MaxResident, (o, v) => o.Models.MaxResident = v),

        Setting.Of("endpoints", EndpointSettings.Read, o => o.Endpoints, (o, v) => o.Endpoints = v),
        Setting.Of("rollouts.metrics", RolloutSettings.ReadMetrics, o => o.RolloutMetrics, (o, v) => o.RolloutMetrics = v),
        Setting.Of("rollouts.triggers", RolloutSettings.ReadTriggers, o => o.RolloutTriggers, (o, v) => o.RolloutTriggers = v),
        Setting.Of("experiments", ExperimentSettings.Read, o => o.Experiments, (o, v) => o.Experiments = v),

        Setting.Of("pipelines", PipelineSettings.Read, o => o.Pipelines, (o, v) => o.Pipelines = v),

        Setting.Of<string?>("registry.store", RegistryParsers.Store, o => o.Registry.Store, (o, v) => o.Registry.Store = v),
        Setting.Of<string?>("registry.blobs", RegistryParsers.Blobs, o => o.Registry.Blobs, (o, v) => o.Registry.Blobs = v),
        Setting.Of("registry.cacheBytes", Size, o => o.Registry.CacheBytes, (o, v) => o.Registry.CacheBytes = v),
        Setting.Of<string?>("registry.defaultAlias", Text, o => o.Registry.DefaultAlias, (o, v) => o.Registry.DefaultAlias = v!),
        Setting.Of("registry.serveWithoutAlias", Bool, o => o.Registry.ServeWithoutAlias, (o, v) => o.Registry.ServeWithoutAlias = v),
        Setting.Of("registry.maxFileBytes", Size, o => o.Registry.MaxFileBytes, (o, v) => o.Registry.MaxFileBytes = v),
        Setting.Of("registry.stages", RegistryParsers.Stages, o => o.Registry.Stages, (o, v) => o.Registry.Stages = v),
        Setting.Of("registry.approvals", RegistryParsers.Approvals, o => o.Registry.Approvals, (o, v) => o.Registry.Approvals = v),

        Setting.Of("limits.maxRequestBytes", Size, o => o.Limits.MaxRequestBytes, (o, v) => o.Limits.MaxRequestBytes = v),
        Setting.Of("limits.maxConnections", Number(1), o => o.Limits.MaxConnections, (o, v) => o.Limits.MaxConnections = v),
        Setting.Of("limits.maxStreamsPerConnection", Number(1), o => o.Limits.MaxStreamsPerConnection, (o, v) => o.Limits.MaxStreamsPerConnection = v),
        Setting.Of("limits.keepAlive", Duration, o => o.Limits.KeepAlive, (o, v) => o.Limits.KeepAlive = v),
        Setting.Of("limits.headerTimeout", Duration, o => o.Limits.HeaderTimeout, (o, v) => o.Limits.HeaderTimeout = v),
        Setting.Of("limits.maxHeaderBytes", Number(1024, 1 << 20), o => o.Limits.MaxHeaderBytes, (o, v) => o.Limits.MaxHeaderBytes = v),
        Setting.Of("limits.maxHeaders", Number(10, 10_000), o => o.Limits.MaxHeaders, (o, v) => o.Limits.MaxHeaders = v),
        Setting.Of("limits.maxRequestLineBytes", Number(256, 1 << 20), o => o.Limits.MaxRequestLineBytes, (o, v) => o.Limits.MaxRequestLineBytes = v),
        Setting.Of("limits.minBodyBytesPerSecond", Number(1), o => o.Limits.MinBodyBytesPerSecond, (o, v) => o.Limits.MinBodyBytesPerSecond = v),
        Setting.Of("limits.shutdownDelay", Duration, o => o.Limits.ShutdownDelay, (o, v) => o.Limits.ShutdownDelay = v),
        Setting.Of("limits.shutdownTimeout", Duration, o => o.Limits.ShutdownTimeout, (o, v) => o.Limits.ShutdownTimeout = v),

        Setting.Of("security.authentication", Word(SecurityParsers.Authentication), o => o.Security.RequireAuthentication, (o, v) => o.Security.RequireAuthentication = v),
        Setting.Of("security.apiKeys", Bool, o => o.Security.ApiKeys, (o, v) => o.Security.ApiKeys = v),
        Setting.Of("security.roles", SecurityParsers.Roles, o => o.Security.Roles, (o, v) => o.Security.Roles = v),
        Setting.Of("security.tokens", IdentityParsers.Tokens, o => o.Security.Tokens, (o, v) => o.Security.Tokens = v),
        Setting.Of("security.certificates", IdentityParsers.Certificates, o => o.Security.Certificates, (o, v) => o.Security.Certificates = v),
        Setting.Of("security.limits", LimitParsers.Rules, o => o.Security.Limits, (o, v) => o.Security.Limits = v),
        Setting.Of("security.allowedHosts", SecurityParsers.Texts, o => o.Security.AllowedHosts, (o, v) => o.Security.AllowedHosts = v),
        Setting.Of("security.allowedOrigins", SecurityParsers.Texts, o => o.Security.AllowedOrigins, (o, v) => o.Security.AllowedOrigins = v),

        Setting.Of("engine.threads", Number(0, 1024), o => o.Engine.Threads, (o, v) => o.Engine.Threads = v),
        Setting.Of("engine.spinning", Bool, o => o.Engine.Spinning, (o, v) => o.Engine.Spinning = v),
        Setting.Of("engine.inlineThreshold", Duration, o => o.Engine.InlineThreshold, (o, v) => o.Engine.InlineThreshold = v),
        Setting.Of("engine.maxConcurrentRuns", Number(0), o => o.Engine.MaxConcurrentRuns, (o, v) => o.Engine.MaxConcurrentRuns = v),
        Setting.Of("engine.keepOptimized", Bool, o => o.Engine.KeepOptimized, (o, v) => o.Engine.KeepOptimized = v),

        Setting.Of("protocols.tritonMetrics", Bool, o => o.Protocols.TritonMetrics, (o, v) => o.Protocols.TritonMetrics = v),
        Setting.Of("protocols.tensorflowMetrics", Bool, o => o.Protocols.TensorflowMetrics, (o, v) => o.Protocols.TensorflowMetrics = v),
        Setting.Of("protocols.tensorflowCors", Bool, o => o.Protocols.TensorflowCors, (o, v) => o.Protocols.TensorflowCors = v),
        Setting.Of("protocols.sagemakerModel", Text, o => o.Protocols.SageMakerModel, (o, v) => o.Protocols.SageMakerModel = v),

        Setting.Of("logging.level", Word(Levels), o => o.Logging.Level, (o, v) => o.Logging.Level = v),
        Setting.Of("logging.format", Word(Formats), o => o.Logging.Format, (o, v) => o.Logging.Format = v),
        Setting.Of("logging.mask", SecurityParsers.Finders, o => o.Logging.Mask, (o, v) => o.Logging.Mask = v),
        Setting.Of("logging.access", Bool, o => o.Logging.Access, (o, v) => o.Logging.Access = v),

        Setting.Of("metrics.enabled", Bool, o => o.Metrics.Enabled, (o, v) => o.Metrics.Enabled = v),
        Setting.Of("metrics.maxSeries", Number(1, 1_000_000), o => o.Metrics.MaxSeries, (o, v) => o.Metrics.MaxSeries = v),
        Setting.Of("metrics.exemplars", Bool, o => o.Metrics.Exemplars, (o, v) => o.Metrics.Exemplars = v),

        Setting.Of("security.signing.policy", Word(SigningParsers.Modes), o => o.Signing.Mode, (o, v) => o.Signing = o.Signing with { Mode = v }),
        Setting.Of("security.signing.keys", SigningParsers.Texts, o => o.Signing.Signers.Keys, (o, v) => o.Signing = o.Signing with { Signers = o.Signing.Signers with { Keys = v } }),
        Setting.Of("security.signing.roots", SigningParsers.Texts, o => o.Signing.Signers.Roots, (o, v) => o.Signing = o.Signing with { Signers = o.Signing.Signers with { Roots = v } }),
        Setting.Of("security.signing.names", SigningParsers.Texts, o => o.Signing.Signers.Names, (o, v) => o.Signing = o.Signing with { Signers = o.Signing.Signers with { Names = v } }),
        Setting.Of("security.signing.sigstore", SigningParsers.Sigstore, o => o.Signing.Signers, (o, v) => o.Signing = o.Signing with
        {
            Signers = o.Signing.Signers with
            {
                SigstoreRoots = v.SigstoreRoots,
                SigstoreLogKeys = v.SigstoreLogKeys,
                SigstoreCertificateLogKeys = v.SigstoreCertificateLogKeys,
                SigstoreIdentities = v.SigstoreIdentities,
            },
        }),
        Setting.Of("security.signing.models", SigningParsers.Models, o => o.Signing.Models, (o, v) => o.Signing = o.Signing with { Models = v }),
        Setting.Of("security.encryption.keys", SigningParsers.Texts, o => o.Encryption.Keys, (o, v) => o.Encryption = o.Encryption with { Keys = v }),
        Setting.Of("security.encryption.command", Text, o => o.Encryption.Command, (o, v) => o.Encryption = o.Encryption with { Command = v }),
        Setting.Of("security.encryption.service", HttpAddress, o => o.Encryption.Service, (o, v) => o.Encryption = o.Encryption with { Service = v }),
        Setting.Of("security.encryption.tokenFile", Text, o => o.Encryption.TokenFile, (o, v) => o.Encryption = o.Encryption with { TokenFile = v }),
        Setting.Of("security.encryption.keyId", Text, o => o.Encryption.KeyId, (o, v) => o.Encryption = o.Encryption with { KeyId = v }),
        Setting.Of("security.receipts.key", Text, o => o.Receipts.Key, (o, v) => o.Receipts.Key = v),
        Setting.Of("security.audit.key", Text, o => o.Audit.Key, (o, v) => o.Audit.Key = v),

        Setting.Of("telemetry.endpoint", HttpAddress, o => o.Telemetry.Endpoint, (o, v) => o.Telemetry.Endpoint = v),
        Setting.Of("telemetry.protocol", Word(OtlpProtocols), o => o.Telemetry.Protocol, (o, v) => o.Telemetry.Protocol = v),
        Setting.Of("telemetry.headers", Headers, o => o.Telemetry.Headers, (o, v) => o.Telemetry.Headers = v, isSecret: true),
        Setting.Of("telemetry.traces", Bool, o => o.Telemetry.Traces, (o, v) => o.Telemetry.Traces = v),
        Setting.Of("telemetry.metrics", Bool, o => o.Telemetry.Metrics, (o, v) => o.Telemetry.Metrics = v),
        Setting.Of("telemetry.samplingRatio", Fraction(0, 1), o => o.Telemetry.SamplingRatio, (o, v) => o.Telemetry.SamplingRatio = v),
        Setting.Of("telemetry.metricsInterval", Seconds(1, 3600), o => o.Telemetry.MetricsInterval, (o, v) => o.Telemetry.MetricsInterval = v),
        Setting.Of<string?>("telemetry.serviceName", Text, o => o.Telemetry.ServiceName, (o, v) => o.Telemetry.ServiceName = v!),
    ];
}
