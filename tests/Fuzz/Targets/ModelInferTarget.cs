using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.OpenInference.Grpc;

namespace Slipway.Fuzz.Targets;

/// <summary>Open Inference's ModelInferRequest.</summary>
internal sealed class ModelInferTarget : IFuzzTarget
{
    public string Name => "model-infer";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Convert.FromHexString("0a036164641a01372a0d0a01781204465033321a0201023a080000803f000020c0"),
        Convert.FromHexString("0a03616464220e0a087072696f72697479120228012a1e0a01781205494e5436341a01032a0f1a0d01ffffffffffffffffff01ac02"),
        Convert.FromHexString("0a036164642a0d0a0179120542595445531a01023a0a02000000686900000000"),
        Convert.FromHexString("0a036164642a140a01791205425954455312001a01022a06420268694200" + "32140a017912110a0e636c617373696669636174696f6e"),
    ];

    public ValueTask ReadAsync(byte[] input)
    {
        GrpcMessage message = ReceivedMessages.Of(input);
        try
        {
            string id = "";
            InferRequestMessage fields = InferRequestReader.ReadFields(ref message, ref id);
            foreach (Tensor tensor in InferRequestReader.ReadTensors(fields, ref message))
            {
                tensor.Dispose();
            }

            return ValueTask.CompletedTask;
        }
        finally
        {
            message.Dispose();
        }
    }
}
