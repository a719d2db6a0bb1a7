using System.Runtime.CompilerServices;
using Slipway.Core;

namespace Slipway.Mlflow.Scoring;

/// <summary>Tells models that came with an <c>MLmodel</c> file from others; what it says is read once for each loaded version.</summary>
internal static class ScoringModels
{
    private static readonly ConditionalWeakTable<ModelSignature, ScoringSignature> Read = [];

    /// <summary>What <c>MLmodel</c> says; null for a model without one.</summary>
    public static ScoringSignature? Of(ModelSignature signature)
    {
        if (!signature.Metadata.TryGetValue(ModelMetadataKeys.MLflow, out string? json))
        {
            return null;
        }

        if (!Read.TryGetValue(signature, out ScoringSignature? scoring) && ScoringSignature.Parse(json) is { } parsed)
        {
            scoring = Read.GetValue(signature, _ => parsed);
        }

        return scoring;
    }
}
