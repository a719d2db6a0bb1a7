namespace Slipway.Core;

/// <summary>Something that was done, or tried, by somebody. It holds no secret and no feature value.</summary>
/// <param name="Time">When, in UTC.</param>
/// <param name="Actor">Name of the caller; <see cref="AnonymousActor"/> when nobody was authenticated, <see cref="SystemActor"/> for the server itself.</param>
/// <param name="Action">What, in dotted words that never change: <c>access.denied</c>, <c>key.create</c>, <c>alias.move</c>.</param>
/// <param name="Subject">To what.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record AuditEvent(DateTimeOffset Time, string Actor, string Action, AuditSubject Subject, AuditOutcome Outcome)
{
    /// <summary>The actor of an attempt without valid credentials.</summary>
    public const string AnonymousActor = "anonymous";

    /// <summary>The actor of what the server does by itself.</summary>
    public const string SystemActor = "system";

    private static readonly IReadOnlyDictionary<string, string> NoDetails = new Dictionary<string, string>();

    /// <summary>Why, as the actor or the refusing part said; null when nothing was said.</summary>
    public string? Reason { get; init; }

    /// <summary>Where the actor called from, as an IP address; null for what did not come over the network.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Further facts by name, such as the version that an alias pointed at before.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = NoDetails;
}
