using Slipway.Core;
using Slipway.Pipelines.Tensors;

namespace Slipway.Pipelines.Running;

/// <summary>Checks a request against what a pipeline takes. Stateless.</summary>
internal static class PipelineInputs
{
    /// <summary>The inputs in the pipeline's order.</summary>
    /// <param name="info">The pipeline.</param>
    /// <param name="request">The request.</param>
    /// <param name="rows">Rows; 1 when no input has any.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> or <see cref="ErrorCode.ShapeMismatch"/>; names the input.</exception>
    public static Tensor[] Bind(ServableInfo info, InferenceRequest request, out long rows)
    {
        ModelSignature signature = info.Signature;
        Tensor?[] bound = new Tensor?[signature.Inputs.Count];
        foreach (Tensor tensor in request.Inputs)
        {
            int position = signature.IndexOfInput(tensor.Name);
            if (position < 0)
            {
                throw Refuse(ErrorCode.InvalidRequest, info, $"unexpected input '{tensor.Name}'; it takes {Names(signature.Inputs)}");
            }

            if (bound[position] is not null)
            {
                throw Refuse(ErrorCode.InvalidRequest, info, $"input '{tensor.Name}' is given more than once");
            }

            Check(info, signature.Inputs[position], tensor);
            bound[position] = tensor;
        }

        rows = -1;
        for (int i = 0; i < bound.Length; i++)
        {
            TensorSignature expected = signature.Inputs[i];
            Tensor tensor = bound[i] ?? throw Refuse(ErrorCode.InvalidRequest, info, $"input '{expected.Name}' is missing; it takes {Names(signature.Inputs)}");
            if (expected.IsRankUnknown || expected.Shape.Rank == 0 || expected.Shape[0] >= 0)
            {
                continue;
            }

            if (rows >= 0 && tensor.Shape[0] != rows)
            {
                throw Refuse(ErrorCode.ShapeMismatch, info, $"input '{expected.Name}' has {tensor.Shape[0]} rows, and another has {rows}");
            }

            rows = tensor.Shape[0];
        }

        rows = rows < 0 ? 1 : rows;
        return bound!;
    }

    /// <summary>Checks the outputs asked for.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> for an unknown output or one named twice.</exception>
    public static void CheckOutputs(ServableInfo info, IReadOnlyList<string> wanted)
    {
        for (int i = 0; i < wanted.Count; i++)
        {
            if (info.Signature.IndexOfOutput(wanted[i]) < 0)
            {
                throw Refuse(ErrorCode.InvalidRequest, info, $"unexpected inference output '{wanted[i]}'; it gives {Names(info.Signature.Outputs)}");
            }

            if (wanted.Take(i).Contains(wanted[i]))
            {
                throw Refuse(ErrorCode.InvalidRequest, info, $"output '{wanted[i]}' is requested more than once");
            }
        }
    }

    private static void Check(ServableInfo info, TensorSignature expected, Tensor tensor)
    {
        if (tensor.DataType != expected.DataType)
        {
            throw Refuse(ErrorCode.InvalidRequest, info, $"input '{tensor.Name}' is expected as {expected.DataType.ToName()}, not {tensor.DataType.ToName()}");
        }

        if (!expected.IsRankUnknown && !tensor.Shape.Fits(expected.Shape))
        {
            throw Refuse(ErrorCode.ShapeMismatch, info, $"input '{tensor.Name}' is expected with shape {expected.Shape}, not {tensor.Shape}");
        }

        if (!tensor.Shape.TryGetElementCount(out long elements) || !IsWhole(tensor, elements))
        {
            throw Refuse(ErrorCode.InvalidRequest, info, $"input '{tensor.Name}' has {tensor.Data.Length} bytes, which are not the elements of shape {tensor.Shape}");
        }
    }

    private static bool IsWhole(Tensor tensor, long elements) => tensor.DataType.IsFixedSize()
        ? elements <= int.MaxValue * 2L && tensor.DataType.ByteLength(elements) == tensor.Data.Length
        : StringElements.AreExactly(tensor.Data.Span, elements);

    private static SlipwayException Refuse(ErrorCode code, ServableInfo info, string message) => new(code, $"pipeline '{info.ModelName}': {message}");

    private static string Names(IReadOnlyList<TensorSignature> tensors) => string.Join(", ", tensors.Select(static tensor => $"'{tensor.Name}'"));
}
