using Slipway.Pipelines.Definitions;
using Slipway.Security;
using Slipway.Server.Telemetry;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Experiments;
using Slipway.Traffic.Rollouts;
using Slipway.Trust.Encryption;
using Slipway.Trust.Policy;

namespace Slipway.Server.Options;

/// <summary>Everything that a server is told at start: <c>slipway.yaml</c>, overridden by the environment, overridden by the command line.</summary>
public sealed class ServerOptions
{
    /// <summary>Where the server listens.</summary>
    public ListenersOptions Listeners { get; set; } = new();

    /// <summary>Which models are served and what they may take.</summary>
    public ModelsOptions Models { get; set; } = new();

    /// <summary>The engine.</summary>
    public EngineOptions Engine { get; set; } = new();

    /// <summary>Bounds on what callers may ask of the server, and how it stops.</summary>
    public LimitsOptions Limits { get; set; } = new();

    /// <summary>Switches of the protocols.</summary>
    public ProtocolsOptions Protocols { get; set; } = new();

    /// <summary>What is logged and how.</summary>
    public LoggingOptions Logging { get; set; } = new();

    /// <summary>What scrapers see.</summary>
    public MetricsOptions Metrics { get; set; } = new();

    /// <summary>What is asked of models' signatures.</summary>
    public SigningOptions Signing { get; set; } = new();

    /// <summary>The audit log.</summary>
    public AuditSettings Audit { get; set; } = new();

    /// <summary>Receipts.</summary>
    public ReceiptSettings Receipts { get; set; } = new();

    /// <summary>Encryption of what the registry keeps. Default: none.</summary>
    public EncryptionOptions Encryption { get; set; } = new();

    /// <summary>Export of traces and metrics to a collector.</summary>
    public TelemetryOptions Telemetry { get; set; } = new();

    /// <summary>Who may call, and how often.</summary>
    public SecurityOptions Security { get; set; } = new();

    /// <summary>What callers call like models and what divides requests among versions. Default: none.</summary>
    public IReadOnlyList<EndpointDefinition> Endpoints { get; set; } = [];

    /// <summary>Numbers of Prometheus servers that rollouts may watch. Default: none.</summary>
    public IReadOnlyList<RolloutMetric> RolloutMetrics { get; set; } = [];

    /// <summary>What starts rollouts. Default: people alone.</summary>
    public IReadOnlyList<RolloutTrigger> RolloutTriggers { get; set; } = [];

    /// <summary>What compares arms of endpoints. Default: nothing.</summary>
    public IReadOnlyList<ExperimentDefinition> Experiments { get; set; } = [];

    /// <summary>Several models and steps that callers call as one model. Default: none.</summary>
    public IReadOnlyList<PipelineDefinition> Pipelines { get; set; } = [];

    /// <summary>The registry, and how its models are served.</summary>
    public RegistrySettings Registry { get; set; } = new();

    /// <summary>Folder for what the server keeps between runs, the registry among it; null (default here, not of <c>slipway serve</c>): nothing is kept.</summary>
    public string? Data { get; set; }

    /// <summary>Whether a listener may be open to other machines without TLS and authentication. Default false.</summary>
    public bool Insecure { get; set; }
}
