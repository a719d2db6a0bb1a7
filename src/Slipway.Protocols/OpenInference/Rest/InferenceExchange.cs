using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>What every request for an inference goes through, whatever the form of its body and of its answer: measured, logged, and answered once, also when it fails.</summary>
internal abstract class InferenceExchange(
    IInferenceService inference, IModelCatalog catalog, ProtocolMetrics metrics, BodyLimits limits, TimeProvider time, ILogger logger)
{
    /// <summary>All models.</summary>
    protected IModelCatalog Catalog => catalog;

    /// <summary>What bodies may have.</summary>
    protected BodyLimits Limits => limits;

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="operation">Its name in metrics and traces.</param>
    protected async Task RunAsync(HttpContext context, ProtocolOperation operation)
    {
        RequestScope scope = metrics.Start(operation);
        string model = RouteNames.Model(context);
        VersionSelector version = RouteNames.Version(context);
        RequestBody? source = null;
        ServableInfo? servable = null;
        ErrorCode? error = null;
        long sent = 0;
        try
        {
            // 1. The request. What was received is given back before the model runs.
            source = RequestBody.Open(context, limits);
            using InferBody body = await ReadAsync(context, source, model, version);
            source.Release();

            // 2. The answer.
            using InferenceRequest request = body.ToRequest(model, version, CallerNames.Of(context), new HttpCallerAttributes(context));
            using InferenceResponse response = await inference.InferAsync(request, context.RequestAborted);
            servable = response.Servable;

            // 3. Out with it.
            long started = time.GetTimestamp();
            AssignmentHeaders.Add(context, response);
            sent = await SendAsync(context, operation, response, body);
            metrics.Encoded(scope, servable, started);
        }
        catch (Exception exception)
        {
            SlipwayException failure = HttpFailure.ForCallers(exception, context);
            error = failure.Code;
            HttpLog.Failed(logger, exception, failure);
            await HttpFailure.WriteAsync(context, failure);
        }
        finally
        {
            metrics.Stop(scope, servable ?? AskedVersion.Find(catalog, model, version), error, source?.BytesRead ?? 0, sent);
            if (source is not null)
            {
                await source.DisposeAsync();
            }
        }
    }

    /// <summary>Reads the body. The result owns its tensors.</summary>
    protected abstract ValueTask<InferBody> ReadAsync(HttpContext context, RequestBody source, string model, VersionSelector version);

    /// <summary>Writes the answer.</summary>
    /// <returns>Its length in bytes before compression.</returns>
    protected abstract ValueTask<long> SendAsync(HttpContext context, ProtocolOperation operation, InferenceResponse response, InferBody body);
}
