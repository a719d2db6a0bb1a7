using Slipway.Core;
using Slipway.Protocols.Json;
using Slipway.Protocols.OpenInference.Rest;

namespace Slipway.Fuzz.Targets;

/// <summary>The JSON of a generate request.</summary>
internal sealed class GenerateJsonTarget : IFuzzTarget
{
    private static readonly ModelSignature Signature = new(
        [
            new("x", TensorDataType.Float32, new(-1, 2)), new("n", TensorDataType.Int64, new(3)), new("s", TensorDataType.String, new(-1, 1)),
            new("e", TensorDataType.UInt8, new(-1, 0, -1)), new("c", TensorDataType.Bool, new()),
        ],
        []);

    public string Name => "generate-json";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. """{"id":"42","x":[1.5,-2e-3,NaN,4],"n":[1,2,3],"s":"caf\u00e9","c":true,"temperature":0.5}"""u8],
        [.. """{"parameters":{"x":[1,2],"e":[],"max_tokens":20,"stop":"\n"},"s":["a","b"]}"""u8],
        [.. """{"x":[],"id":null,"parameters":{"priority":1,"timeout":0}}"""u8],
    ];

    public ValueTask ReadAsync(byte[] input)
    {
        try
        {
            using InferBody body = GenerateBody.Read(input, Signature);
        }
        catch (MalformedJsonException malformed)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, malformed.Message, malformed);
        }

        return ValueTask.CompletedTask;
    }
}
