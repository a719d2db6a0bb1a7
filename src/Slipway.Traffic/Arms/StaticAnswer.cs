using Slipway.Core;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Arms;

/// <summary>An answer prepared beforehand, given for every row of a request.</summary>
internal static class StaticAnswer
{
    /// <summary>Name of the arm in answers.</summary>
    public const string ArmName = "static";

    private const int MaxBytes = 64 << 20;

    /// <summary>Makes the answer: the outputs asked for, rows repeated as often as the request has rows.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> for an output that the answer doesn't have.</exception>
    public static InferenceResponse Make(ServableInfo servable, IReadOnlyList<StaticOutput> outputs, InferenceRequest request)
    {
        long rows = request.Inputs.Count > 0 && request.Inputs[0].Shape.Rank > 0 ? request.Inputs[0].Shape[0] : 1;
        IEnumerable<StaticOutput> wanted = request.RequestedOutputs.Count == 0 ? outputs : request.RequestedOutputs.Select(name =>
            outputs.FirstOrDefault(output => output.Name == name)
            ?? throw new SlipwayException(ErrorCode.InvalidRequest, $"the static answer of endpoint '{request.ModelName}' has no output '{name}'"));
        return new InferenceResponse { Servable = servable, Outputs = [.. wanted.Select(output => Repeat(output, rows, request.ModelName))] };
    }

    /// <summary>The static answer as something that answers requests.</summary>
    public static ServableInfo Describe(string endpoint, IReadOnlyList<StaticOutput> outputs) => new(
        endpoint, 0, "", new ModelSignature([], [.. outputs.Select(static output => new TensorSignature(output.Name, output.DataType, output.Shape))]), ModelConfig.Default)
    {
        Platform = "slipway_static",
    };

    private static Tensor Repeat(StaticOutput output, long rows, string endpoint)
    {
        if (output.Shape.Rank == 0 || output.Shape[0] >= 0)
        {
            return new Tensor(output.Name, output.DataType, output.Shape, output.Data);
        }

        if (rows * (long)output.Data.Length > MaxBytes)
        {
            throw new SlipwayException(ErrorCode.PayloadTooLarge, $"the static answer of endpoint '{endpoint}' would have more than {MaxBytes} bytes");
        }

        byte[] data = new byte[rows * output.Data.Length];
        for (int row = 0; row < rows; row++)
        {
            output.Data.CopyTo(data.AsMemory(row * output.Data.Length));
        }

        return new Tensor(output.Name, output.DataType, output.Shape.WithFirst(rows), data);
    }
}
