using Slipway.Core;
using Slipway.Protocols.Json;
using Slipway.Protocols.TensorFlowServing.Rest;

namespace Slipway.Fuzz.Targets;

/// <summary>Bodies of TensorFlow Serving's REST calls: each input is read as a predict and as a classify.</summary>
internal sealed class TensorFlowJsonTarget : IFuzzTarget
{
    private static readonly ModelSignature Signature = new(
        [new("t", TensorDataType.String, new(-1)), new("s", TensorDataType.Float32, new(-1, 2)) { IsOptional = true }],
        []);

    private static readonly ModelSignature Single = new([new("x", TensorDataType.Int32, new(-1))], []);

    private static readonly ModelSignature Examples = new([new("f", TensorDataType.Float32, new(-1, 2))], [])
    {
        Metadata = new Dictionary<string, string> { [ModelMetadataKeys.Examples] = """{"input":"inputs","defaults":{"f":[0.5]}}""" },
    };

    private static readonly ServableInfo Several = Servable(Signature, "serving_default") with
    {
        Signatures = new Dictionary<string, ServableInfo> { ["other"] = Servable(Single, "other") },
    };

    public string Name => "tensorflow-json";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. """{"signature_name":"serving_default","instances":[{"t":"foo","s":[1,2]},{"t":{"b64":"AAE="},"s":[3.5,NaN]}]}"""u8],
        [.. """{"instances":[1,2,5]}"""u8],
        [.. """{"signature_name":"other","instances":[1,2,5]}"""u8],
        [.. """{"inputs":{"inputs":[{"b64":"Ch8KDQoBeBIIEgYKBAAAQEAKDgoCeDISCBIGCgQAAIBA"}]}}"""u8],
        [.. """{"inputs":{"t":["a","b"],"s":[[1,2],[3,4]]},"other":{"a":[]}}"""u8],
        [.. """{"inputs":[[1,2],[3,4]]}"""u8],
        [.. """{"context":{"c":[1.5]},"examples":[{"x":1,"y":["a",{"b64":"aGk="}]},{"x":true}]}"""u8],
    ];

    public ValueTask ReadAsync(byte[] input)
    {
        foreach (ServableInfo servable in (ServableInfo[])[Several, Servable(Single, ""), Servable(Examples, "")])
        {
            try
            {
                foreach (Tensor tensor in PredictBody.Read(input, servable).Inputs)
                {
                    tensor.Dispose();
                }
            }
            catch (Exception refused) when (refused is MalformedJsonException or SlipwayException { Code: not ErrorCode.Internal })
            {
                // The other reading is tried as well.
            }
        }

        try
        {
            ExamplesReader.Read(input);
        }
        catch (MalformedJsonException malformed)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, malformed.Message, malformed);
        }

        return ValueTask.CompletedTask;
    }

    private static ServableInfo Servable(ModelSignature signature, string name) =>
        new("model", 1, "digest", signature, ModelConfig.Default) { Platform = "test", SignatureName = name };
}
