using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>Which lifecycle stages a caller wants to see.</summary>
internal static class LifecycleViews
{
    private static readonly string[] Names = ["ACTIVE_ONLY", "DELETED_ONLY", "ALL"];

    /// <summary>Reads the field; the active ones when it is absent.</summary>
    public static LifecycleView Read(MlflowFields fields, string name) => (LifecycleView)((fields.Member(name, Names) ?? 0) + 1);
}
