using Slipway.Core;
using Slipway.Protocols.Json;
using Slipway.Protocols.SageMaker;

namespace Slipway.Fuzz.Targets;

/// <summary>Bodies of SageMaker's and MLflow's invocations: each input is read as JSON, as CSV and as an array of NumPy's.</summary>
internal sealed class InvocationTarget : IFuzzTarget
{
    private static readonly ModelSignature Signature = new([new("x", TensorDataType.Float32, new(-1, 2))], []) { IsBatchable = true };

    public string Name => "invocation";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. """{"dataframe_split":{"columns":["a","b"],"index":[0],"data":[[1,2.5],[3,null]]}}"""u8],
        [.. """{"dataframe_records":[{"a":1,"b":2},{"b":4}],"params":{}}"""u8],
        [.. """{"instances":[{"x":[1,2]}]}"""u8],
        [.. "[[1,2],[3,4]]"u8],
        [.. "a,b\n1,2\n\"3\",\n"u8],
        [.. NpyFormat.WriteHeader(new Tensor("x", TensorDataType.Float32, new(1, 2), new byte[8])), .. new byte[8]],
    ];

    public ValueTask ReadAsync(byte[] input)
    {
        Try(() => JsonInvocation.Read(input, Signature).Inputs);
        Try(() => CsvInvocation.Read(input, Signature).Inputs);
        Try(() => [NpyFormat.Read(input, Signature.Inputs[0])]);
        return ValueTask.CompletedTask;
    }

    private static void Try(Func<List<Tensor>> read)
    {
        try
        {
            read().ForEach(static tensor => tensor.Dispose());
        }
        catch (Exception refused) when (refused is MalformedJsonException or SlipwayException { Code: not ErrorCode.Internal })
        {
            // The next reading is tried as well.
        }
    }
}
