using Slipway.Core;

namespace Slipway.Protocols.OpenInference;

/// <summary>A caller's wish to get the best classes of an output instead of its values.</summary>
/// <param name="Output">Name of the output.</param>
/// <param name="Classes">How many classes; 1 or more.</param>
internal readonly record struct OutputClassification(string Output, int Classes)
{
    /// <summary>Reads the value of an output's parameter <c>classification</c>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> unless it is a positive integer.</exception>
    public static int ReadCount(ParameterValue value)
    {
        bool valid = value.Kind switch
        {
            ParameterKind.Int64 => value.Int64 > 0,
            ParameterKind.UInt64 => value.UInt64 > 0,
            _ => false,
        };
        return valid
            ? (int)Math.Min(value.UInt64, int.MaxValue)
            : throw new SlipwayException(ErrorCode.InvalidRequest, "parameter 'classification' must be a positive integer");
    }
}
