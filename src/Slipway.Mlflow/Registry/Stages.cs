using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Registry;

/// <summary>The stages of MLflow's registry; spelled in whatever case, kept in one.</summary>
internal static class Stages
{
    private static readonly string[] All = ["None", "Staging", "Production", "Archived"];
    private static readonly string[] Active = ["Staging", "Production"];

    /// <summary>The stage as it is kept.</summary>
    /// <exception cref="MlflowException">There is no such stage.</exception>
    public static string Canonical(string stage) => Array.Find(All, known => known.Equals(stage, StringComparison.OrdinalIgnoreCase))
        ?? throw MlflowException.Invalid($"Invalid Model Version stage: {stage}. Value must be one of {string.Join(", ", All)}.");

    /// <summary>Whether versions of the stage answer, so that others may be archived when one enters it.</summary>
    public static bool IsActive(string stage) => Active.Contains(stage);
}
