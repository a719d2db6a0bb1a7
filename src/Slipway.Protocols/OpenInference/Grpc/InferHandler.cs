using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Http;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>Answers ModelInfer: one message in, one run, one message out.</summary>
internal sealed class InferHandler(IInferenceService inference, IModelCatalog catalog, ProtocolMetrics? metrics, TimeProvider time)
{
    /// <summary>Handles one call.</summary>
    public async ValueTask HandleAsync(GrpcCall call)
    {
        RequestScope scope = metrics?.Start(ProtocolOperation.OpenInferenceGrpcInfer) ?? default;
        ServableInfo? servable = null;
        ErrorCode? error = null;
        InferAddress address = new();
        int received = 0;
        int sent = 0;
        try
        {
            GrpcMessage message = await call.ReadOnlyAsync();
            received = message.Memory.Length;
            using InferCall infer = InferCall.Read(ref message, call, ref address);
            using InferenceResponse response = await inference.InferAsync(infer.Request, call.CancellationToken);
            servable = response.Servable;
            long encodeStarted = time.GetTimestamp();
            InferResponseMessage answer = new(response, infer.Classify(response), infer.Request.Id, streamed: false);
            sent = answer.Length;
            AssignmentHeaders.Add(call.Http, response);
            await call.WriteAsync(answer);
            metrics?.Encoded(scope, servable, encodeStarted);
        }
        catch (Exception exception)
        {
            error = call.ErrorCodeOf(exception);
            throw;
        }
        finally
        {
            metrics?.Stop(scope, servable ?? AskedVersion.Find(catalog, address.Model, address.Version), error, received, sent);
        }
    }
}
