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
}
