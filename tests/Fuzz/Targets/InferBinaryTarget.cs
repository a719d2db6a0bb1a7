using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Json;
using Slipway.Protocols.OpenInference.Rest;

namespace Slipway.Fuzz.Targets;

/// <summary>A whole Open Inference body: its first two bytes stand for the header that says how much of the rest is JSON, binary tensors follow.</summary>
internal sealed class InferBinaryTarget : IFuzzTarget
{
    private static readonly BodyLimits Limits = new(new HttpProtocolOptions { MaxJsonBytes = 1 << 16, MaxBodyBytes = 1 << 20 });

    // No seed is a raw tensor, and without a model none can be read: the catalogue is never asked.
    private readonly InferBodySource _source = new(null!, Limits);

    public string Name => "infer-binary";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        WithHeader("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}]}""", [0, 0, 128, 63, 0, 0, 32, 192]),
        WithHeader("""{"inputs":[{"name":"s","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":10}}]}""", [2, 0, 0, 0, 104, 105, 0, 0, 0, 0]),
        WithHeader(
            """{"inputs":[{"name":"a","shape":[2],"datatype":"INT64","data":[1,2]},{"name":"b","shape":[3],"datatype":"BOOL","parameters":{"binary_data_size":3}}]}""",
            [1, 0, 1]),
    ];

    public async ValueTask ReadAsync(byte[] input)
    {
        if (input.Length < 2 || (input[0] | input[1]) == 0)
        {
            return;
        }

        DefaultHttpContext context = new();
        context.Request.Headers[InferBodySource.HeaderLength] = BitConverter.ToUInt16(input).ToString(CultureInfo.InvariantCulture);
        context.Request.Body = new MemoryStream(input, 2, input.Length - 2);
        context.Request.ContentLength = input.Length - 2;
        await using RequestBody body = RequestBody.Open(context, Limits);
        try
        {
            using InferBody request = await _source.ReadAsync(context, body, "m", VersionSelector.Default);
        }
        catch (MalformedJsonException malformed)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, malformed.Message, malformed);
        }
    }

    private static byte[] WithHeader(string json, byte[] blocks) => [.. BitConverter.GetBytes((ushort)json.Length), .. System.Text.Encoding.UTF8.GetBytes(json), .. blocks];
}
