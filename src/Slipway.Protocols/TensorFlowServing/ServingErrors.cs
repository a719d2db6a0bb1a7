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

    /// <summary>The failure of a filter that names an output which the signature has not.</summary>
    public static SlipwayException UnknownOutput(string name, ModelSignature signature, SlipwayException failure) => new(
        ErrorCode.InvalidRequest,
        $"output tensor alias not found in signature: {name} Outputs expected to be in the set {{{string.Join(',', signature.Outputs.Select(static output => output.Name))}}}.",
        failure);

    private static string Describe(string model, VersionSelector version) =>
        version.Number is { } number ? $"Specific({model}, {number})" : $"Latest({model})";
}
