namespace Slipway.Inference.Versions;

/// <summary>What was said of a model by hand.</summary>
internal enum ControlMode
{
    /// <summary>Nothing: the source and the load policy decide.</summary>
    Automatic = 0,

    /// <summary>Load it and keep it.</summary>
    Loaded = 1,

    /// <summary>Keep it out of memory.</summary>
    Unloaded = 2,
}
