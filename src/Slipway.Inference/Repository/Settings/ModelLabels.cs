namespace Slipway.Inference.Repository.Settings;

/// <summary>Names for versions.</summary>
internal static class ModelLabels
{
    /// <summary>What a label may be, for messages.</summary>
    public const string Rule = "a label has 1 to 128 letters, digits, '_', '-' or '.' and is no number";

    /// <summary>Whether a text can be a label; a number would be taken for a version.</summary>
    public static bool IsValid(string label) =>
        label.Length is > 0 and <= 128
        && label.All(static c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.')
        && !label.All(char.IsAsciiDigit);
}
