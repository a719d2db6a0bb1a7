using System.Security.Cryptography;

namespace Slipway.Mlflow.Tracking;

/// <summary>Names for runs that were given none: two words and a number, to be told apart by people.</summary>
internal static class RunNames
{
    private static readonly string[] Adjectives =
    [
        "able", "amber", "bold", "brave", "bright", "brisk", "calm", "clear", "crisp", "deft", "eager", "early", "fair", "fleet", "fond", "fresh",
        "gentle", "glad", "grand", "green", "hardy", "keen", "kind", "light", "lively", "lucky", "mellow", "merry", "mild", "neat", "noble", "polite",
        "proud", "quick", "quiet", "rare", "ready", "silent", "smart", "smooth", "snowy", "spry", "steady", "sunny", "swift", "tidy", "warm", "wise",
    ];

    private static readonly string[] Nouns =
    [
        "anchor", "auk", "bark", "beacon", "bell", "bow", "brig", "buoy", "cape", "cog", "coral", "crane", "cutter", "deck", "dock", "eider",
        "fjord", "gale", "gull", "harbour", "heron", "hull", "isle", "jetty", "keel", "ketch", "knot", "lagoon", "launch", "mast", "otter", "pier",
        "quay", "reef", "rudder", "sail", "seal", "shoal", "skiff", "sloop", "spar", "tern", "tide", "tug", "wake", "wave", "wharf", "yawl",
    ];

    /// <summary>A name by chance.</summary>
    public static string Next() =>
        $"{Adjectives[RandomNumberGenerator.GetInt32(Adjectives.Length)]}-{Nouns[RandomNumberGenerator.GetInt32(Nouns.Length)]}-{RandomNumberGenerator.GetInt32(1000)}";
}
