namespace Slipway.Server.Options;

/// <summary>Where a server, and the commands that work without one, keep things unless somebody says otherwise.</summary>
public static class DataFolder
{
    /// <summary>The folder in the current one that is used when none is named.</summary>
    public const string Default = "slipway-data";

    /// <summary>Named in place of a folder: nothing is kept.</summary>
    public const string None = "none";

    /// <summary>The folder to use; null when nothing is to be kept.</summary>
    /// <param name="named">What was named; null: nothing was.</param>
    public static string? Resolve(string? named) => named switch
    {
        null => Default,
        None => null,
        _ => named,
    };
}
