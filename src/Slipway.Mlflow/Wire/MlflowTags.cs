namespace Slipway.Mlflow.Wire;

/// <summary>Keys of tags that have a meaning of their own.</summary>
internal static class MlflowTags
{
    /// <summary>Name of a run; always equal to the run's name.</summary>
    public const string RunName = "mlflow.runName";

    /// <summary>What a run logged as models in the manner of 2.x: a JSON list.</summary>
    public const string LogModelHistory = "mlflow.log-model.history";

    /// <summary>What a logged model was registered as: a JSON list.</summary>
    public const string ModelVersions = "mlflow.modelVersions";

    /// <summary>Whether a registered model is a prompt.</summary>
    public const string IsPrompt = "mlflow.prompt.is_prompt";
}
