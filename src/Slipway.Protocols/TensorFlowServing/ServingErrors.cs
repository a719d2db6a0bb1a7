using Slipway.Core;

namespace Slipway.Protocols.TensorFlowServing;

/// <summary>Failures in the words that TensorFlow Serving's clients look for.</summary>
internal static class ServingErrors
{
    /// <summary>
    /// The same failure as TensorFlow Serving would tell it: a model or version that can't be found is named as a servable. Others are returned as they are.
    /// </summary>
    public static SlipwayException Translate(SlipwayException failure, string model, VersionSelector version) => failure.Code switch
    {
        ErrorCode.VersionNotFound when version.Label is { } label =>
            new SlipwayException(ErrorCode.InvalidRequest, $"Unrecognized servable version label: {label}", failure),
        ErrorCode.ModelNotFound or ErrorCode.VersionNotFound =>
            new SlipwayException(failure.Code, $"Servable not found for request: {Describe(model, version)}", failure),
        _ => failure,
    };

    private static string Describe(string model, VersionSelector version) =>
        version.Number is { } number ? $"Specific({model}, {number})" : $"Latest({model})";
}
