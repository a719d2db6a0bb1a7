namespace Slipway.Core;

/// <summary>When a model's versions are brought into memory.</summary>
public enum LoadPolicy
{
    /// <summary>As soon as the source names them; kept until the source drops them.</summary>
    Eager = 0,

    /// <summary>With the first request; may be evicted when memory is needed and no request uses it.</summary>
    OnDemand = 1,
}
