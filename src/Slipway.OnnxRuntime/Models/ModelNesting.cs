using Slipway.Core;

namespace Slipway.OnnxRuntime.Models;

/// <summary>Bounds how deep the parts of a model lie within each other.</summary>
internal static class ModelNesting
{
    // Deeper than any real If in a Loop in a Scan; a file that nests further only means to exhaust a stack.
    private const int Deepest = 64;

    /// <summary>One level further down.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: the bound is reached.</exception>
    public static int Deeper(int depth) => depth < Deepest
        ? depth + 1
        : throw new SlipwayException(ErrorCode.InvalidModel, $"the model nests graphs more than {Deepest} deep");
}
