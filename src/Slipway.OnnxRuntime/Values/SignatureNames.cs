namespace Slipway.OnnxRuntime.Values;

/// <summary>Suffixes of the tensors that stand beside a flattened value; part of what clients see.</summary>
internal static class SignatureNames
{
    /// <summary>Keys of a map, ascending.</summary>
    public const string Keys = ".keys";

    /// <summary>Shapes of a sequence's tensors, one row each, padded at the end with -1.</summary>
    public const string Shapes = ".shapes";

    /// <summary>Whether an optional value is there.</summary>
    public const string Present = ".present";
}
