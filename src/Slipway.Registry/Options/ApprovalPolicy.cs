namespace Slipway.Registry.Options;

/// <summary>
/// Asks for approvals before a version gets an alias or a stage. Patterns know <c>*</c> (any characters) and <c>?</c> (one); case is distinct for models, aliases and people, not for stages.
/// Approvals of <c>anonymous</c> never count: nobody knows who that was.
/// </summary>
public sealed record ApprovalPolicy
{
    /// <summary>Models that it holds for. Default: all.</summary>
    public string Models { get; init; } = "*";

    /// <summary>Aliases that need approvals.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Stages that need approvals.</summary>
    public IReadOnlyList<string> Stages { get; init; } = [];

    /// <summary>How many people have to approve, from 1. Default 1.</summary>
    public int Required { get; init; } = 1;

    /// <summary>Whose approvals count; empty: everybody's.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>Whether an approval of the version's author counts. Default no.</summary>
    public bool AllowAuthor { get; init; }
}
