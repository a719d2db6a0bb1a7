using System.Diagnostics.CodeAnalysis;
using Slipway.Core;

namespace Slipway.Inference.Requests;

/// <summary>Checks a request against a servable's contract and lays its tensors out in the engine's order. Stateless; allocates only to refuse.</summary>
internal static class RequestBinder
{
    /// <summary>Puts the request's inputs at their positions.</summary>
    /// <param name="contract">What the servable takes.</param>
    /// <param name="request">The request.</param>
    /// <param name="bound">One slot per input of the contract, all null on entry; an optional input left out stays null.</param>
    /// <returns>Rows (1 when the first dimension is no batch) and bytes of the inputs.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> or <see cref="ErrorCode.ShapeMismatch"/>; names the input.</exception>
    public static RequestSize Bind(ServableContract contract, InferenceRequest request, Span<Tensor?> bound) => Bind(contract, request.Inputs, bound);

    private static RequestSize Bind(ServableContract contract, IReadOnlyList<Tensor> given, Span<Tensor?> bound)
    {
        TensorSignature[] inputs = contract.Inputs;
        if (given.Count > inputs.Length || given.Count < contract.RequiredInputs)
        {
            return BindOtherForm(contract, given, bound) ?? throw WrongCount(contract, given);
        }

        long bytes = 0;
        long rows = -1;
        bool isAdapted = false;
        bool isAlone = false;
        for (int i = 0; i < given.Count; i++)
        {
            Tensor tensor = given[i];
            int position = i < inputs.Length && inputs[i].Name == tensor.Name ? i : contract.Signature.IndexOfInput(tensor.Name);
            if (position < 0)
            {
                return BindOtherForm(contract, given, bound) ?? throw Unexpected(contract, tensor);
            }

            if (bound[position] is not null)
            {
                ThrowDuplicate(contract, tensor);
            }

            if (!IsAsTheModelHasIt(inputs[position], tensor) && InputAdapter.TryAdapt(inputs[position], tensor, contract.IsBatchable) is { } adapted)
            {
                tensor = adapted;
                isAdapted = true;
            }

            Check(contract, inputs[position], tensor);
            bound[position] = tensor;
            bytes += tensor.Data.Length;
            if (contract.IsBatchable)
            {
                if (inputs[position].HasRows())
                {
                    CheckRows(contract, tensor, ref rows);
                }
                else
                {
                    isAlone = true;
                }
            }
        }

        // The number of required inputs may be made up of optional ones.
        for (int i = 0; i < inputs.Length; i++)
        {
            if (bound[i] is null && !inputs[i].IsOptional)
            {
                ThrowMissing(contract, inputs[i]);
            }
        }

        return new RequestSize(rows < 0 ? 1 : (int)rows, bytes, isAdapted, isAlone);
    }

    /// <summary>The engine's positions of the outputs asked for, in the order asked for.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> for an unknown output or one named twice.</exception>
    public static int[] BindOutputs(ServableContract contract, InferenceRequest request)
    {
        IReadOnlyList<string> wanted = request.RequestedOutputs;
        if (wanted.Count == 0)
        {
            return contract.DefaultOutputs;
        }

        int[] outputs = new int[Math.Min(wanted.Count, contract.AllOutputs.Length + 1)];
        for (int i = 0; i < wanted.Count; i++)
        {
            int position = contract.EngineOutput(wanted[i]);
            if (position < 0)
            {
                throw new SlipwayException(ErrorCode.InvalidRequest,
                    $"unexpected inference output '{wanted[i]}' for model '{contract.ModelName}'. The model gives: {Names(contract.Signature.Outputs)}");
            }

            if (outputs.AsSpan(0, i).Contains(position))
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"output '{wanted[i]}' is requested more than once for model '{contract.ModelName}'");
            }

            outputs[i] = position;
        }

        return outputs;
    }

    private static bool IsAsTheModelHasIt(TensorSignature expected, Tensor tensor) =>
        tensor.DataType == expected.DataType && (expected.IsRankUnknown || tensor.Shape.Rank == expected.Shape.Rank);

    // The rows in the other form that tabular models take, bound as their own; null when they are not in that form either.
    private static RequestSize? BindOtherForm(ServableContract contract, IReadOnlyList<Tensor> given, Span<Tensor?> bound)
    {
        if (TabularInputs.TryConvert(contract, given) is not { } own)
        {
            return null;
        }

        bound.Clear();
        return Bind(contract, own, bound) with { IsAdapted = true };
    }

    private static void Check(ServableContract contract, TensorSignature expected, Tensor tensor)
    {
        if (tensor.DataType != expected.DataType)
        {
            ThrowDataType(contract, expected, tensor);
        }

        if (!expected.IsRankUnknown && !tensor.Shape.Fits(expected.Shape))
        {
            ThrowShape(contract, expected, tensor);
        }

        if (!tensor.Shape.TryGetElementCount(out long elements))
        {
            ThrowCount(contract, tensor);
        }

        if (tensor.DataType.IsFixedSize())
        {
            // Element counts fit 63 bits, their bytes need not: compare without overflow.
            if (elements > int.MaxValue * 2L || tensor.DataType.ByteLength(elements) != tensor.Data.Length)
            {
                ThrowByteSize(contract, tensor, elements);
            }
        }
        else if (!PackedStrings.HasExactly(tensor.Data.Span, elements))
        {
            ThrowStrings(contract, tensor, elements);
        }
    }

    private static void CheckRows(ServableContract contract, Tensor tensor, ref long rows)
    {
        if (tensor.Shape.Rank == 0)
        {
            ThrowNoRows(contract, tensor);
        }

        long first = tensor.Shape[0];
        if (rows >= 0 && first != rows)
        {
            ThrowRowsDiffer(contract, tensor, rows);
        }

        rows = first;
        if (first > int.MaxValue || (contract.MaxRequestRows > 0 && first > contract.MaxRequestRows))
        {
            ThrowTooManyRows(contract);
        }
    }

    private static SlipwayException WrongCount(ServableContract contract, IReadOnlyList<Tensor> given)
    {
        // Name the culprit where there is one: a stranger or a repeated name says more than a number.
        HashSet<string> seen = [];
        foreach (Tensor tensor in given)
        {
            if (contract.Signature.IndexOfInput(tensor.Name) < 0)
            {
                return Unexpected(contract, tensor);
            }

            if (!seen.Add(tensor.Name))
            {
                ThrowDuplicate(contract, tensor);
            }
        }

        string missing = string.Join(", ", contract.Inputs.Where(input => !input.IsOptional && !seen.Contains(input.Name)).Select(input => $"'{input.Name}'"));
        return new SlipwayException(ErrorCode.InvalidRequest,
            $"expected {contract.Inputs.Length} inputs but got {given.Count} inputs for model '{contract.ModelName}'. Missing: {missing}");
    }

    private static SlipwayException Unexpected(ServableContract contract, Tensor tensor) => new(ErrorCode.InvalidRequest,
        $"unexpected inference input '{tensor.Name}' for model '{contract.ModelName}'. The model takes: {Names(contract.Signature.Inputs)}{OtherForm(contract.Signature)}");

    private static string OtherForm(ModelSignature signature) =>
        signature.Columns is { } columns ? $", or a column for each feature: {Names([.. columns.Inputs.Take(20)])}{(columns.Inputs.Count > 20 ? " …" : "")}"
        : signature.Matrix is { } matrix ? $", or all as '{matrix.Name}' {matrix.Shape}"
        : "";

    [DoesNotReturn]
    private static void ThrowDuplicate(ServableContract contract, Tensor tensor) => throw new SlipwayException(ErrorCode.InvalidRequest,
        $"input '{tensor.Name}' is given more than once for model '{contract.ModelName}'");

    [DoesNotReturn]
    private static void ThrowMissing(ServableContract contract, TensorSignature input) => throw new SlipwayException(ErrorCode.InvalidRequest,
        $"input '{input.Name}' of model '{contract.ModelName}' is missing");

    [DoesNotReturn]
    private static void ThrowDataType(ServableContract contract, TensorSignature expected, Tensor tensor) => throw new SlipwayException(
        ErrorCode.InvalidRequest,
        $"inference input '{tensor.Name}' data-type is '{tensor.DataType.ToName()}', but model '{contract.ModelName}' expects '{expected.DataType.ToName()}'");

    [DoesNotReturn]
    private static void ThrowShape(ServableContract contract, TensorSignature expected, Tensor tensor) => throw new SlipwayException(
        ErrorCode.ShapeMismatch,
        $"unexpected shape for input '{tensor.Name}' for model '{contract.ModelName}'. Expected {expected.Shape}, got {tensor.Shape}");

    [DoesNotReturn]
    private static void ThrowCount(ServableContract contract, Tensor tensor) => throw new SlipwayException(ErrorCode.ShapeMismatch,
        $"shape {tensor.Shape} of input '{tensor.Name}' for model '{contract.ModelName}' is no size that a tensor can have");

    [DoesNotReturn]
    private static void ThrowByteSize(ServableContract contract, Tensor tensor, long elements)
    {
        UInt128 expected = tensor.DataType.ElementSize() is > 0 and var size ? (UInt128)elements * (uint)size : ((UInt128)elements + 1) / 2;
        throw new SlipwayException(ErrorCode.ShapeMismatch,
            $"input byte size mismatch for input '{tensor.Name}' for model '{contract.ModelName}'. Expected {expected}, got {tensor.Data.Length}");
    }

    [DoesNotReturn]
    private static void ThrowStrings(ServableContract contract, Tensor tensor, long elements) => throw new SlipwayException(ErrorCode.ShapeMismatch,
        $"input '{tensor.Name}' for model '{contract.ModelName}' does not hold exactly {elements} length-prefixed strings");

    [DoesNotReturn]
    private static void ThrowNoRows(ServableContract contract, Tensor tensor) => throw new SlipwayException(ErrorCode.ShapeMismatch,
        $"unexpected shape for input '{tensor.Name}' for model '{contract.ModelName}'. Expected a batch dimension, got {tensor.Shape}");

    [DoesNotReturn]
    private static void ThrowRowsDiffer(ServableContract contract, Tensor tensor, long rows) => throw new SlipwayException(ErrorCode.ShapeMismatch,
        $"input '{tensor.Name}' batch size does not match other inputs for model '{contract.ModelName}'. Expected {rows}, got {tensor.Shape[0]}");

    [DoesNotReturn]
    private static void ThrowTooManyRows(ServableContract contract) => throw new SlipwayException(ErrorCode.InvalidRequest,
        $"inference request batch-size must be <= {(contract.MaxRequestRows > 0 ? contract.MaxRequestRows : int.MaxValue)} for '{contract.ModelName}'");

    private static string Names(IReadOnlyList<TensorSignature> tensors) => string.Join(", ", tensors.Select(static tensor => $"'{tensor.Name}'"));
}
