using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Http;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>Answers PredictionService.Predict.</summary>
internal sealed class PredictHandler(IInferenceService inference, ProtocolMetrics? metrics, TimeProvider time, GrpcOptions options)
{
    private readonly PredictRequestReader _reader = new(new TensorProtoReader(options.MaxDecompressedMessageSize));

    /// <summary>Handles one call.</summary>
    public async ValueTask HandleAsync(GrpcCall call)
    {
        RequestScope scope = metrics?.Start(ProtocolOperation.TensorFlowGrpcPredict) ?? default;
        ServableInfo? servable = null;
        ErrorCode? error = null;
        int received = 0;
        int sent = 0;
        try
        {
            GrpcMessage message = await call.ReadOnlyAsync();
            received = message.Memory.Length;
            using InferenceRequest request = _reader.Read(ref message, call);
            using InferenceResponse response = await InferAsync(request, call.CancellationToken);
            servable = response.Servable;
            long encodeStarted = time.GetTimestamp();
            PredictResponseMessage answer = new(response);
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
            metrics?.Stop(scope, servable, error, received, sent);
        }
    }

    private async ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await inference.InferAsync(request, cancellationToken);
        }
        catch (SlipwayException failure) when (failure.Code is ErrorCode.ModelNotFound or ErrorCode.VersionNotFound)
        {
            throw ServingErrors.Translate(failure, request.ModelName, request.Version);
        }
    }
}
