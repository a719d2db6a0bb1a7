using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.TensorFlowServing.Grpc;

namespace Slipway.Fuzz.Targets;

/// <summary>TensorFlow Serving's PredictRequest.</summary>
internal sealed class PredictTarget : IFuzzTarget
{
    private readonly PredictRequestReader _reader = new(new TensorProtoReader(1 << 20));

    public string Name => "predict";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Convert.FromHexString("0a170a0468616c661a0f73657276696e675f64656661756c74121b0a0178121608011208120208011202080222080000803f00000040"),
        Convert.FromHexString("0a060a0468616c6612130a0178120e080712041202080242026869" + "42001a0179"),
        Convert.FromHexString("0a060a0468616c6612130a0178120e0807120412020802220402006869"),
        Convert.FromHexString("0a060a0468616c6612110a0178120c08011204120208032a040000e040"),
    ];

    public ValueTask ReadAsync(byte[] input)
    {
        GrpcMessage message = ReceivedMessages.Of(input);
        ModelTarget target = ModelTarget.None;
        using InferenceRequest request = _reader.Read(ref message, null, ref target);
        return ValueTask.CompletedTask;
    }
}
