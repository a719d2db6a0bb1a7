using Slipway.Core;

namespace Slipway.Inference.Requests;

/// <summary>Which inputs of a batchable model have the batch in front.</summary>
internal static class BatchDimension
{
    /// <summary>Whether the first dimension of the input is the batch. Every input's is, unless it <see cref="ReplacesConstant"/>.</summary>
    public static bool HasRows(this TensorSignature input) => !input.ReplacesConstant();

    /// <summary>Whether the input stands for a constant of the model: it may be left out, and its size is fixed, whatever the number of rows.</summary>
    public static bool ReplacesConstant(this TensorSignature input) =>
        input is { IsOptional: true, IsRankUnknown: false } && (input.Shape.Rank == 0 || input.Shape[0] >= 0);
}
