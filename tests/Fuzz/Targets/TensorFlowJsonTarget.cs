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

    public string Name => "tensorflow-json";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. """{"signature_name":"serving_default","instances":[{"t":"foo","s":[1,2]},{"t":{"b64":"AAE="},"s":[3.5,NaN]}]}"""u8],
        [.. """{"instances":[1,2,5]}"""u8],
        [.. """{"inputs":{"t":["a","b"],"s":[[1,2],[3,4]]},"other":{"a":[]}}"""u8],
        [.. """{"inputs":[[1,2],[3,4]]}"""u8],
        [.. """{"context":{"c":[1.5]},"examples":[{"x":1,"y":["a",{"b64":"aGk="}]},{"x":true}]}"""u8],
    ];

    public ValueTask ReadAsync(byte[] input)
    {
        foreach (ModelSignature signature in (ModelSignature[])[Signature, Single])
        {
            try
            {
                PredictBody.Read(input, signature).Inputs.ForEach(static tensor => tensor.Dispose());
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
}
