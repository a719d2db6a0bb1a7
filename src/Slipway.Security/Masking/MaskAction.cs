namespace Slipway.Security.Masking;

/// <summary>What becomes of a field's value.</summary>
public enum MaskAction
{
    /// <summary>It is left out.</summary>
    Drop = 0,

    /// <summary>A keyed hash takes its place: equal values stay equal, and nobody without the key can try values out.</summary>
    Hash = 1,

    /// <summary>A value of the same look takes its place, letters for letters and digits for digits, by a key: equal values stay equal.</summary>
    Tokenise = 2,

    /// <summary>Only its beginning stays.</summary>
    Truncate = 3,

    /// <summary>What looks like personal data in it is replaced by the name of what it was.</summary>
    Find = 4,
}
