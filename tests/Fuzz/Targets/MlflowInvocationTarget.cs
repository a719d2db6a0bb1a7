using Slipway.Core;
using Slipway.Mlflow.Scoring;
using Slipway.Mlflow.Wire;

namespace Slipway.Fuzz.Targets;

/// <summary>Bodies of MLflow's scoring protocol: each input is read as JSON and as CSV, for signatures of columns and of tensors and without one.</summary>
internal sealed class MlflowInvocationTarget : IFuzzTarget
{
    private static readonly ModelSignature Model = new([new("X", TensorDataType.Float64, new(-1, 2))], []) { IsBatchable = true };

    private static readonly ScoringSignature[] Signatures =
    [
        .. ((string[])
        [
            """{"flavor":"sklearn","missing_values":false,"inputs":[{"type":"double","name":"a"},{"type":"long","name":"b","required":false}]}""",
            """{"flavor":"xgboost","inputs":[{"type":"tensor","tensor-spec":{"dtype":"float64","shape":[-1,2]}}]}""",
            """{"flavor":"onnx","inputs":[{"type":"tensor","name":"X","tensor-spec":{"dtype":"float64","shape":[-1,2]}}]}""",
            """{"flavor":"sklearn"}""",
        ]).Select(static json => ScoringSignature.Parse(json)!),
    ];

    public string Name => "mlflow-invocation";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. """{"dataframe_split":{"columns":["a","b"],"index":[0],"data":[[1,2.5],[3,null]]}}"""u8],
        [.. """{"dataframe_records":[{"a":1,"b":2},{"b":4}],"params":{}}"""u8],
        [.. """{"instances":[{"a":1,"b":2},{"a":"3","b":true}]}"""u8],
        [.. """{"inputs":{"X":[[1,2],[3,4]]}}"""u8],
        [.. """{"inputs":[[1,2],["\ud83d\ude00",4]]}"""u8],
        [.. "a,b\n1,2\n\"3\",\n"u8],
    ];

    public ValueTask ReadAsync(byte[] input)
    {
        foreach (ScoringSignature signature in Signatures)
        {
            Try(input, isCsv: false, signature);
            Try(input, isCsv: true, signature);
        }

        return ValueTask.CompletedTask;
    }

    private static void Try(byte[] input, bool isCsv, ScoringSignature signature)
    {
        try
        {
            ScoringBody.Read(input, isCsv, signature, Model).Inputs.ForEach(static tensor => tensor.Dispose());
        }
        catch (Exception refused) when (refused is MlflowException or SlipwayException { Code: not ErrorCode.Internal })
        {
            // The right answer to what is no such body.
        }
    }
}
