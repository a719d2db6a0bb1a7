using Slipway.Core;

namespace Slipway.Pipelines.Expressions;

/// <summary>Makes the failures of expressions.</summary>
internal static class ExpressionFailure
{
    /// <summary>The text is wrong.</summary>
    public static SlipwayException At(Place place, string message) => new(ErrorCode.InvalidConfiguration, $"{place}: {message}");

    /// <summary>The values of a row can't be computed with.</summary>
    public static SlipwayException InRow(string message) => new(ErrorCode.InvalidRequest, message);
}
