namespace Slipway.Server.Trust;

/// <summary>Who is behind the management action that runs now: flows with it through everything that it calls.</summary>
/// <param name="actor">Name of the caller.</param>
/// <param name="remoteAddress">Where it called from; null when unknown.</param>
internal sealed class AuditScope(string actor, string? remoteAddress)
{
    private static readonly AsyncLocal<AuditScope?> Flowing = new();

    /// <summary>The action that runs now; null outside of one.</summary>
    public static AuditScope? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    /// <summary>Name of the caller.</summary>
    public string Actor { get; } = actor;

    /// <summary>Where it called from.</summary>
    public string? RemoteAddress { get; } = remoteAddress;

    /// <summary>Whether something was recorded of the action, by a part that knows it better than the route does.</summary>
    public bool IsRecorded { get; set; }
}
