using Google.Protobuf;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Http;
using Slipway.Protocols.Metrics;
using Slipway.Protocols.Protos.TensorFlow.Serving;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>The calls of PredictionService that ask with examples: Classify, Regress, and MultiInference, which is several of them on the same examples.</summary>
internal sealed class ExampleService(IInferenceService inference, IModelCatalog catalog, ProtocolMetrics? metrics)
{
    private const int MaxTasks = 64;

    /// <summary>Classify.</summary>
    public ValueTask ClassifyAsync(GrpcCall call) => MeasureAsync(call, ProtocolOperation.TensorFlowGrpcClassify, ClassificationRequest.Parser, static request => request.ModelSpec, async request =>
    {
        (ClassificationResult result, ServableInfo servable) = await ClassifyAsync(call, ModelTarget.Of(request.ModelSpec), ExampleMessages.Read(request.Input));
        return (new ClassificationResponse { Result = result, ModelSpec = ModelTarget.SpecOf(servable) }, servable);
    });

    /// <summary>Regress.</summary>
    public ValueTask RegressAsync(GrpcCall call) => MeasureAsync(call, ProtocolOperation.TensorFlowGrpcRegress, RegressionRequest.Parser, static request => request.ModelSpec, async request =>
    {
        (RegressionResult result, ServableInfo servable) = await RegressAsync(call, ModelTarget.Of(request.ModelSpec), ExampleMessages.Read(request.Input));
        return (new RegressionResponse { Result = result, ModelSpec = ModelTarget.SpecOf(servable) }, servable);
    });

    /// <summary>MultiInference.</summary>
    public ValueTask MultiInferenceAsync(GrpcCall call) => MeasureAsync(call, ProtocolOperation.TensorFlowGrpcMultiInference, MultiInferenceRequest.Parser, static request => request.Tasks.FirstOrDefault()?.ModelSpec, async request =>
    {
        if (request.Tasks.Count is 0 or > MaxTasks)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"a request has 1 to {MaxTasks} tasks, this one has {request.Tasks.Count}");
        }

        IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> rows = ExampleMessages.Read(request.Input);
        MultiInferenceResponse response = new();
        ServableInfo? servable = null;
        foreach (InferenceTask task in request.Tasks)
        {
            ModelTarget target = ModelTarget.Of(task.ModelSpec);
            InferenceResult result = new();
            switch (task.MethodName)
            {
                case ServingSignature.ClassifyMethod:
                    (result.ClassificationResult, servable) = await ClassifyAsync(call, target, rows);
                    break;
                case ServingSignature.RegressMethod:
                    (result.RegressionResult, servable) = await RegressAsync(call, target, rows);
                    break;
                default:
                    throw new SlipwayException(ErrorCode.NotSupported, $"Unsupported signature method_name: {task.MethodName}");
            }

            result.ModelSpec = ModelTarget.SpecOf(servable);
            response.Results.Add(result);
        }

        return (response, servable!);
    });

    private async ValueTask<(ClassificationResult Result, ServableInfo Servable)> ClassifyAsync(
        GrpcCall call, ModelTarget target, IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> rows)
    {
        ServableInfo servable = await FindAsync(target, call.CancellationToken);
        ClassifyOutputs outputs = ClassifyOutputs.Find(servable);
        using InferenceRequest request = RequestOf(call, target, servable, rows, outputs.Names);
        using InferenceResponse response = await inference.InferAsync(request, call.CancellationToken);
        AssignmentHeaders.Add(call.Http, response);
        ClassificationResult result = new();
        foreach (ClassScore[] classes in outputs.Read(response, rows.Count))
        {
            Classifications classifications = new();
            classifications.Classes.AddRange(classes.Select(static one => new Class { Label = one.Label, Score = one.Score }));
            result.Classifications.Add(classifications);
        }

        return (result, response.Servable);
    }

    private async ValueTask<(RegressionResult Result, ServableInfo Servable)> RegressAsync(
        GrpcCall call, ModelTarget target, IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> rows)
    {
        ServableInfo servable = await FindAsync(target, call.CancellationToken);
        using InferenceRequest request = RequestOf(call, target, servable, rows, [RegressOutput.Find(servable)]);
        using InferenceResponse response = await inference.InferAsync(request, call.CancellationToken);
        AssignmentHeaders.Add(call.Http, response);
        RegressionResult result = new();
        result.Regressions.AddRange(RegressOutput.Read(response, rows.Count).Select(static value => new Regression { Value = value }));
        return (result, response.Servable);
    }

    private async ValueTask<ServableInfo> FindAsync(ModelTarget target, CancellationToken cancellationToken)
    {
        target.RequireName();
        try
        {
            return ServingSignature.FindForExamples(await catalog.GetServableAsync(target.Name, target.Version, cancellationToken), target.Signature);
        }
        catch (SlipwayException failure) when (failure.Code is ErrorCode.ModelNotFound or ErrorCode.VersionNotFound)
        {
            throw ServingErrors.Translate(failure, target.Name, target.Version);
        }
    }

    // Asked for as the caller named it, not by the number looked at: an endpoint chooses for each request.
    private static InferenceRequest RequestOf(
        GrpcCall call, ModelTarget target, ServableInfo servable, IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> rows, IReadOnlyList<string> outputs) => new()
        {
            ModelName = target.Name,
            Version = target.Version,
            SignatureName = servable.SignatureName,
            Inputs = ExampleInputs.ToTensors(rows, servable.Signature),
            RequestedOutputs = outputs,
            Deadline = call.Deadline,
            Caller = call.Caller,
            Attributes = call.Attributes,
        };

    private async ValueTask MeasureAsync<TRequest, TResponse>(
        GrpcCall call,
        ProtocolOperation operation,
        MessageParser<TRequest> parser,
        Func<TRequest, ModelSpec?> asked,
        Func<TRequest, ValueTask<(TResponse Response, ServableInfo Servable)>> answer)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage
    {
        RequestScope scope = metrics?.Start(operation) ?? default;
        ServableInfo? servable = null;
        ErrorCode? error = null;
        ModelTarget target = ModelTarget.None;
        int received = 0;
        int sent = 0;
        try
        {
            TRequest request = await call.ReadOnlyAsync(parser);
            received = request.CalculateSize();
            target = ModelTarget.Of(asked(request));
            (TResponse response, servable) = await answer(request);
            sent = response.CalculateSize();
            await call.WriteAsync(response);
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
}
