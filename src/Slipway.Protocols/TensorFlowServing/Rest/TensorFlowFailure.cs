using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>Failures of requests over HTTP in TensorFlow Serving's words.</summary>
internal static class TensorFlowFailure
{
    /// <summary>Any exception of a request for <paramref name="path"/> as a failure for its caller.</summary>
    public static SlipwayException ForCallers(Exception exception, HttpContext context, TensorFlowPath path) => exception switch
    {
        MalformedJsonException malformed =>
            new SlipwayException(ErrorCode.InvalidRequest, $"JSON Parse error: {malformed.Problem} at offset: {malformed.Position}", malformed),
        SlipwayException failure => ServingErrors.Translate(failure, path.Model, path.Version),
        _ => HttpFailure.ForCallers(exception, context),
    };
}
