using Slipway.Core;
using Slipway.Protocols.Json;
using Slipway.Protocols.OpenInference.Rest;

namespace Slipway.Fuzz.Targets;

/// <summary>The JSON of an Open Inference request.</summary>
internal sealed class InferJsonTarget : IFuzzTarget
{
    public string Name => "infer-json";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. """{"id":"42","inputs":[{"name":"a","shape":[2,2],"datatype":"INT32","data":[[1,2],[3,4]]},{"name":"m","shape":[3],"datatype":"BOOL","data":[true,false,true]}],"outputs":[{"name":"y"}]}"""u8],
        [.. """{"inputs":[{"data":[1.5,-2e-3,NaN,Infinity],"name":"x","shape":[4],"datatype":"FP32"}],"parameters":{"priority":1,"a":"b\u00e9","c":true,"d":0.25}}"""u8],
        [.. """{"inputs":[{"name":"s","shape":[2],"datatype":"BYTES","data":["hi","\ud83d\ude00\n"]}],"outputs":[{"name":"y","parameters":{"classification":3,"binary_data":true}}]}"""u8],
        [.. """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}],"parameters":{"binary_data_output":true},"unknown":[{"a":[null]}]}"""u8],
        [.. """{"inputs":[{"name":"u","shape":[2,1],"datatype":"UINT64","data":[[18446744073709551615],[0]]},{"name":"z","shape":[0,2],"datatype":"INT8","data":[]}]}"""u8],
    ];

    public ValueTask ReadAsync(byte[] input)
    {
        try
        {
            using InferBody body = InferBodyReader.Read(input);
        }
        catch (MalformedJsonException malformed)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, malformed.Message, malformed);
        }

        return ValueTask.CompletedTask;
    }
}
