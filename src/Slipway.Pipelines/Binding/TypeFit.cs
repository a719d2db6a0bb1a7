using Slipway.Core;

namespace Slipway.Pipelines.Binding;

/// <summary>Whether what one step gives is what another takes. Pure.</summary>
internal static class TypeFit
{
    /// <summary>Why a value does not fit; null when it does, or may: a size that is not known before the request is left to the request.</summary>
    public static string? Problem(TensorSignature given, TensorSignature taken)
    {
        if (given.DataType != taken.DataType)
        {
            return $"{taken.DataType.ToName()} is expected, and {given.DataType.ToName()} is given: put a 'cast' step between";
        }

        if (given.IsRankUnknown || taken.IsRankUnknown)
        {
            return null;
        }

        if (given.Shape.Rank != taken.Shape.Rank)
        {
            return $"shape {taken.Shape} is expected, and {given.Shape} is given: put a 'reshape' step between";
        }

        for (int i = 0; i < given.Shape.Rank; i++)
        {
            if (given.Shape[i] >= 0 && taken.Shape[i] >= 0 && given.Shape[i] != taken.Shape[i])
            {
                return $"shape {taken.Shape} is expected, and {given.Shape} is given: dimension {i} differs";
            }
        }

        return null;
    }

    /// <summary>Type and shape for messages.</summary>
    public static string Describe(TensorSignature type) => type.DataType.ToName() + (type.IsRankUnknown ? "" : type.Shape.ToString());

    /// <summary>Whether the first dimension is the request's rows.</summary>
    public static bool IsRows(TensorSignature type) => !type.IsRankUnknown && type.Shape.Rank > 0 && type.Shape[0] < 0;
}
