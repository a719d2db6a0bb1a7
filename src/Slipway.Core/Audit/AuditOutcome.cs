namespace Slipway.Core;

/// <summary>How an audited action ended. Numbers are stored: never reuse or renumber one.</summary>
public enum AuditOutcome
{
    /// <summary>It was done.</summary>
    Done = 0,

    /// <summary>It was refused: no valid credentials, not allowed, or against a policy.</summary>
    Denied = 1,

    /// <summary>It was allowed and failed.</summary>
    Failed = 2,
}
