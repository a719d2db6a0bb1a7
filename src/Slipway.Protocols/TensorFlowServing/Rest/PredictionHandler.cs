using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary><c>POST /v1/models/…:predict</c>, <c>:classify</c> and <c>:regress</c>.</summary>
internal sealed class PredictionHandler(
    IInferenceService inference, IModelCatalog catalog, ProtocolMetrics metrics, BodyLimits limits, TimeProvider time, ILogger<PredictionHandler> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (!TensorFlowPath.TryParse(context.Request.Path.Value, post: true, out TensorFlowPath path))
        {
            await UnknownPaths.HandleAsync(context);
            return;
        }

        RequestScope scope = metrics.Start(OperationOf(path.Action));
        RequestBody? source = null;
        ServableInfo? servable = null;
        ErrorCode? error = null;
        long sent = 0;
        try
        {
            // 1. The request. Datatypes come from the signature, so the model is looked up first.
            source = RequestBody.Open(context, limits);
            servable = await catalog.GetServableAsync(path.Model, path.Version, context.RequestAborted);
            Question question = await ReadAsync(source, path.Action, servable, context.RequestAborted);

            // 2. The answer.
            using InferenceRequest request = new()
            {
                ModelName = path.Model,
                Version = path.Version,
                SignatureName = question.Signature,
                Inputs = question.Inputs,
                RequestedOutputs = question.Outputs,
                Caller = CallerNames.Of(context),
                Attributes = new HttpCallerAttributes(context),
            };
            using InferenceResponse response = await inference.InferAsync(request, context.RequestAborted);
            servable = response.Servable;

            // 3. Out with it.
            long started = time.GetTimestamp();
            using ResponseBuffer body = new();
            question.Write(body, response);
            sent = body.Length;
            AssignmentHeaders.Add(context, response);
            await body.SendJsonAsync(context);
            metrics.Encoded(scope, servable, started);
        }
        catch (Exception exception)
        {
            SlipwayException failure = TensorFlowFailure.ForCallers(exception, context, path);
            error = failure.Code;
            HttpLog.Failed(logger, exception, failure);
            await HttpFailure.WriteAsync(context, failure);
        }
        finally
        {
            metrics.Stop(scope, servable, error, source?.BytesRead ?? 0, sent);
            if (source is not null)
            {
                await source.DisposeAsync();
            }
        }
    }

    private async ValueTask<Question> ReadAsync(RequestBody source, TensorFlowAction action, ServableInfo servable, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> json = await source.ReadRestAsync(limits.Options.MaxJsonBytes, cancellation);
        try
        {
            return action switch
            {
                TensorFlowAction.Classify => Question.Classify(json.Span, servable),
                TensorFlowAction.Regress => Question.Regress(json.Span, servable),
                _ => Question.Predict(json.Span, servable),
            };
        }
        finally
        {
            source.Release();
        }
    }

    private static ProtocolOperation OperationOf(TensorFlowAction action) => action switch
    {
        TensorFlowAction.Classify => ProtocolOperation.TensorFlowHttpClassify,
        TensorFlowAction.Regress => ProtocolOperation.TensorFlowHttpRegress,
        _ => ProtocolOperation.TensorFlowHttpPredict,
    };
}
