namespace Slipway.Server.Listeners;

/// <summary>Which side of the server something belongs to. An endpoint answers only on listeners of its planes.</summary>
[Flags]
public enum Plane
{
    /// <summary>Neither: answers nowhere.</summary>
    None = 0,

    /// <summary>Predictions and what their protocols bring along.</summary>
    Data = 1,

    /// <summary>Management and metrics.</summary>
    Admin = 2,
}
