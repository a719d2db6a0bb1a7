using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Http;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>Answers PredictionService.Predict.</summary>
internal sealed class PredictHandler(IInferenceService inference, IModelCatalog catalog, ProtocolMetrics? metrics, TimeProvider time, GrpcOptions options)
{
    private readonly PredictRequestReader _reader = new(new TensorProtoReader(options.MaxDecompressedMessageSize));

    /// <summary>Handles one call.</summary>
    public async ValueTask HandleAsync(GrpcCall call)
    {
        RequestScope scope = metrics?.Start(ProtocolOperation.TensorFlowGrpcPredict) ?? default;
        ServableInfo? servable = null;
        ErrorCode? error = null;
        ModelTarget target = ModelTarget.None;
        int received = 0;
        int sent = 0;
        try
        {
            GrpcMessage message = await call.ReadOnlyAsync();
            received = message.Memory.Length;
            using InferenceRequest request = _reader.Read(ref message, call, ref target);
            using InferenceRequest? features = await ParseExamplesAsync(request, call.CancellationToken);
            using InferenceResponse response = await InferAsync(features ?? request, call.CancellationToken);
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
            metrics?.Stop(scope, servable ?? AskedVersion.Find(catalog, target.Name, target.Version), error, received, sent);
        }
    }

    // A signature that takes serialised examples has their features as inputs; null when the request holds no such examples.
    private async ValueTask<InferenceRequest?> ParseExamplesAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        if (request.Inputs is not [{ DataType: TensorDataType.String } examples])
        {
            return null;
        }

        ServableInfo servable;
        try
        {
            servable = await catalog.GetServableAsync(request.ModelName, request.Version, cancellationToken);
        }
        catch (SlipwayException failure) when (failure.Code is ErrorCode.ModelNotFound or ErrorCode.VersionNotFound)
        {
            throw ServingErrors.Translate(failure, request.ModelName, request.Version);
        }

        ServableInfo? target = servable.BySignature(request.SignatureName);
        return target is not null && ExampleForm.Of(target.Signature) is { } form && form.Declared.IndexOfInput(examples.Name) == 0 && target.Signature.IndexOfInput(examples.Name) < 0
            ? request.WithInputs(ExampleInputs.ToTensors(ExampleForm.Parse(examples), target.Signature))
            : null;
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
        catch (SlipwayException failure) when (failure.Code is ErrorCode.InvalidRequest && request.RequestedOutputs.Count > 0)
        {
            throw await ExplainFilterAsync(request, failure, cancellationToken);
        }
    }

    // An output filter that names what the signature has not is told in the words that clients look for.
    private async ValueTask<SlipwayException> ExplainFilterAsync(InferenceRequest request, SlipwayException failure, CancellationToken cancellationToken)
    {
        ServableInfo servable = await catalog.GetServableAsync(request.ModelName, request.Version, cancellationToken);
        ModelSignature signature = (servable.BySignature(request.SignatureName) ?? servable).Signature;
        string? unknown = request.RequestedOutputs.FirstOrDefault(name => signature.IndexOfOutput(name) < 0);
        return unknown is null ? failure : ServingErrors.UnknownOutput(unknown, signature, failure);
    }
}
