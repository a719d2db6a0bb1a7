namespace Slipway.TestKit;

/// <summary>
/// Conformance data that nobody here wrote and that is not part of the repository: the folder named by <c>SLIPWAY_ASSETS</c>, else
/// <c>../shared/assets</c> beside the checkout.
/// </summary>
public static class Assets
{
    /// <summary>Why a test that needs the data is skipped.</summary>
    public const string Missing = "no conformance data: set SLIPWAY_ASSETS or put it at ../shared/assets";

    /// <summary>The folder, or null where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>The full path of <paramref name="relative"/>; skips nothing, so ask <see cref="Root"/> first.</summary>
    public static string PathOf(string relative) => Path.Combine(Root ?? throw new InvalidOperationException(Missing), relative);

    /// <summary>Names of a theory's cases; one that stands for them where there is no data, so that the theory can be skipped: without any case it would fail.</summary>
    public static IEnumerable<string> Cases(Func<IEnumerable<string>> names) => Root is null ? ["none"] : names();

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("SLIPWAY_ASSETS");
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named) ? named : null;
        }

        string beside = Path.Combine(Repository.Root, "..", "shared", "assets");
        return Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
    }
}
