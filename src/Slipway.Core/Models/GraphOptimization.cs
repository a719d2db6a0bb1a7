namespace Slipway.Core;

/// <summary>How far the engine rewrites the graph at load.</summary>
public enum GraphOptimization
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Constant folding and redundant nodes.</summary>
    Basic = 1,

    /// <summary>Also fused operators.</summary>
    Extended = 2,

    /// <summary>Also memory layout.</summary>
    All = 99,
}
