namespace Slipway.Inference.Configuration;

/// <summary>Bounds of what a configuration file may hold.</summary>
public static class ConfigLimits
{
    /// <summary>Most bytes of one file.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 64;

    /// <summary>Most nodes, aliases counted with all that they stand for.</summary>
    public const int MaxNodes = 500_000;
}
