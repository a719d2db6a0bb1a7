namespace Slipway.Inference.Versions;

/// <summary>Kinds of steps towards the wish.</summary>
internal enum VersionStep
{
    /// <summary>Nothing is left to do.</summary>
    None = 0,

    /// <summary>Bring the version into memory, beside what is served now.</summary>
    Load = 1,

    /// <summary>Take the version out of service.</summary>
    Unload = 2,
}

/// <summary>One step and the version it is for.</summary>
internal readonly record struct VersionAction(VersionStep Step, long Version);
