using System.Diagnostics.CodeAnalysis;

namespace Slipway.Core;

/// <summary>What a caller may be allowed to do. Numbers are stored in policies: never reuse or renumber one.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is a permission; the suffix was reserved for a technology that is gone.")]
public enum Permission
{
    /// <summary>Nothing has to be allowed: probes of health.</summary>
    None = 0,

    /// <summary>Ask for a prediction.</summary>
    Infer = 1,

    /// <summary>See which models there are: metadata, configuration, state, statistics.</summary>
    ReadModels = 2,

    /// <summary>Load, unload and reconfigure models.</summary>
    ManageModels = 3,

    /// <summary>Read metrics.</summary>
    ReadMetrics = 4,

    /// <summary>See settings of the server itself: logging, tracing.</summary>
    ReadServer = 5,

    /// <summary>Change settings of the server itself.</summary>
    ManageServer = 6,

    /// <summary>Read the registry: models, versions, aliases, runs, experiments, datasets, artifacts, and their past.</summary>
    ReadRegistry = 7,

    /// <summary>Add to the registry and describe what is there: models, versions, runs, metrics, tags, artifacts. Moves no traffic.</summary>
    WriteRegistry = 8,

    /// <summary>Delete models, versions, runs and experiments from the registry, and restore deleted ones.</summary>
    DeleteRegistry = 9,

    /// <summary>Decide which version answers: move aliases and stages, change endpoints, rollouts and shares of traffic.</summary>
    DeployModels = 10,

    /// <summary>Approve or reject a version where a policy asks for it.</summary>
    ApproveVersions = 11,

    /// <summary>Read the audit log.</summary>
    ReadAudit = 12,

    /// <summary>Give and take access: API keys.</summary>
    ManageAccess = 13,

    /// <summary>See monitors, alerts and their findings.</summary>
    ReadMonitoring = 14,

    /// <summary>Change monitors and alerts, silence and acknowledge them.</summary>
    ManageMonitoring = 15,

    /// <summary>Read captured requests, answers and labels, which hold feature values.</summary>
    ReadCaptures = 16,

    /// <summary>Report the truth about earlier predictions.</summary>
    WriteLabels = 17,

    /// <summary>Back up, restore, check and tidy the stores.</summary>
    ManageData = 18,

    /// <summary>Be somebody, whatever one may do: answers that tell nothing but that there is nothing.</summary>
    AnyCaller = 19,
}
