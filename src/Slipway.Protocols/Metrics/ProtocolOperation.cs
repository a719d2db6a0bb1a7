namespace Slipway.Protocols.Metrics;

/// <summary>A kind of request for a prediction, as metrics and traces name it. One instance each, compared by reference.</summary>
public sealed class ProtocolOperation
{
    private static readonly List<ProtocolOperation> Known = [];

    private ProtocolOperation(string protocol, string name, string? tensorFlowApi = null)
    {
        Protocol = protocol;
        Name = name;
        TensorFlowApi = tensorFlowApi;
        SpanName = $"{protocol} {name}";
        Index = Known.Count;
        Known.Add(this);
    }

    /// <summary>Open Inference REST, <c>POST /v2/models/…/infer</c>.</summary>
    public static ProtocolOperation OpenInferenceHttpInfer { get; } = new("v2_http", "infer");

    /// <summary>Open Inference REST, <c>POST /v2/models/…/generate</c>.</summary>
    public static ProtocolOperation OpenInferenceHttpGenerate { get; } = new("v2_http", "generate");

    /// <summary>Open Inference REST, <c>POST /v2/models/…/generate_stream</c>.</summary>
    public static ProtocolOperation OpenInferenceHttpGenerateStream { get; } = new("v2_http", "generate_stream");

    /// <summary>Open Inference gRPC, <c>ModelInfer</c>.</summary>
    public static ProtocolOperation OpenInferenceGrpcInfer { get; } = new("v2_grpc", "infer");

    /// <summary>Open Inference gRPC, one request of a <c>ModelStreamInfer</c>.</summary>
    public static ProtocolOperation OpenInferenceGrpcStreamInfer { get; } = new("v2_grpc", "stream_infer");

    /// <summary>TensorFlow Serving REST, <c>:predict</c>.</summary>
    public static ProtocolOperation TensorFlowHttpPredict { get; } = new("tensorflow_http", "predict", "predict");

    /// <summary>TensorFlow Serving REST, <c>:classify</c>.</summary>
    public static ProtocolOperation TensorFlowHttpClassify { get; } = new("tensorflow_http", "classify", "classify");

    /// <summary>TensorFlow Serving REST, <c>:regress</c>.</summary>
    public static ProtocolOperation TensorFlowHttpRegress { get; } = new("tensorflow_http", "regress", "regress");

    /// <summary>TensorFlow Serving gRPC, <c>Predict</c>.</summary>
    public static ProtocolOperation TensorFlowGrpcPredict { get; } = new("tensorflow_grpc", "predict", "Predict");

    /// <summary>TensorFlow Serving gRPC, <c>Classify</c>.</summary>
    public static ProtocolOperation TensorFlowGrpcClassify { get; } = new("tensorflow_grpc", "classify", "Classify");

    /// <summary>TensorFlow Serving gRPC, <c>Regress</c>.</summary>
    public static ProtocolOperation TensorFlowGrpcRegress { get; } = new("tensorflow_grpc", "regress", "Regress");

    /// <summary>TensorFlow Serving gRPC, <c>MultiInference</c>.</summary>
    public static ProtocolOperation TensorFlowGrpcMultiInference { get; } = new("tensorflow_grpc", "multi_inference", "MultiInference");

    /// <summary>SageMaker and MLflow scoring, <c>POST /invocations</c>.</summary>
    public static ProtocolOperation Invocations { get; } = new("invocations", "invoke");

    /// <summary>Every operation there is.</summary>
    public static IReadOnlyList<ProtocolOperation> All => Known;

    /// <summary>Value of the label <c>protocol</c>.</summary>
    public string Protocol { get; }

    /// <summary>Value of the label <c>operation</c>.</summary>
    public string Name { get; }

    /// <summary>Value of TensorFlow Serving's label <c>API</c>; null for the other protocols.</summary>
    public string? TensorFlowApi { get; }

    /// <summary>Name of the operation's span.</summary>
    public string SpanName { get; }

    /// <summary>Position in <see cref="All"/>.</summary>
    internal int Index { get; }
}
