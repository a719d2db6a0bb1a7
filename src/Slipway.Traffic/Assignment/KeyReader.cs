using System.Globalization;
using Slipway.Core;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Assignment;

/// <summary>Finds what a request says about itself: the entity's key, and the values that rules look at. Thread-safe.</summary>
internal static class KeyReader
{
    /// <summary>Hash of the entity's key: the request's own, or that of the first source that is there; null when none is.</summary>
    public static ulong? EntityOf(InferenceRequest request, IReadOnlyList<KeySource> sources)
    {
        if (request.EntityKey is { Length: > 0 } given)
        {
            return KeyHash.Of(given);
        }

        for (int i = 0; i < sources.Count; i++)
        {
            if (HashOf(request, sources[i]) is { } hash)
            {
                return hash;
            }
        }

        return null;
    }

    /// <summary>A header, parameter, claim or the caller as text; null when absent.</summary>
    public static string? TextOf(InferenceRequest request, KeySource source) => source.Kind switch
    {
        KeySourceKind.Header => request.Attributes?.Header(source.Name),
        KeySourceKind.Claim => request.Attributes?.Claim(source.Name),
        KeySourceKind.Caller => request.Caller,
        KeySourceKind.Parameter => request.Parameters.TryGetValue(source.Name, out ParameterValue value) ? TextOf(value) : null,
        _ => null,
    };

    private static ulong? HashOf(InferenceRequest request, KeySource source)
    {
        switch (source.Kind)
        {
            case KeySourceKind.Input:
                foreach (Tensor input in request.Inputs)
                {
                    if (input.Name == source.Name)
                    {
                        return KeyHash.Of(input.Data.Span);
                    }
                }

                return null;
            case KeySourceKind.Inputs:
                return HashOfInputs(request);
            default:
                return TextOf(request, source) is { Length: > 0 } text ? KeyHash.Of(text) : null;
        }
    }

    // The order of inputs means nothing, so their hashes are added up.
    private static ulong HashOfInputs(InferenceRequest request)
    {
        ulong sum = 0;
        foreach (Tensor input in request.Inputs)
        {
            sum = unchecked(sum + KeyHash.Salted(KeyHash.Of(input.Data.Span), KeyHash.Of(input.Name)));
        }

        return sum;
    }

    private static string TextOf(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Bool => value.Bool ? "true" : "false",
        ParameterKind.Int64 => value.Int64.ToString(CultureInfo.InvariantCulture),
        ParameterKind.UInt64 => value.UInt64.ToString(CultureInfo.InvariantCulture),
        ParameterKind.Double => value.Double.ToString("R", CultureInfo.InvariantCulture),
        _ => value.Text ?? "",
    };
}
