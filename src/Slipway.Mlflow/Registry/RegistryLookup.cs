using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Registry;

/// <summary>Finds the model or version that a call is about.</summary>
internal static class RegistryLookup
{
    /// <summary>The model that <c>name</c> names.</summary>
    /// <exception cref="MlflowException">There is none.</exception>
    public static async Task<RegisteredModel> ModelAsync(IModelRegistry registry, MlflowCall call)
    {
        string name = call.Fields.Required("name");
        return await registry.FindModelAsync(name, call.Cancellation) ?? throw UnknownModel(name);
    }

    /// <summary>The version that <c>name</c> and <c>version</c> name.</summary>
    /// <exception cref="MlflowException">There is none, or the version is no number.</exception>
    public static Task<ModelVersion> VersionAsync(IModelRegistry registry, MlflowCall call) =>
        VersionAsync(registry, call.Fields.Required("name"), call.Fields.Required("version"), call.Cancellation);

    /// <summary>The version of that name and number.</summary>
    /// <exception cref="MlflowException">There is none, or the version is no number.</exception>
    public static async Task<ModelVersion> VersionAsync(IModelRegistry registry, string name, string version, CancellationToken cancellation) =>
        await registry.FindVersionAsync(name, MlflowLimits.CheckVersion(version), cancellation)
            ?? throw MlflowException.NotFound($"Model Version (name={name}, version={version}) not found");

    /// <summary>What is said of a model that is not there.</summary>
    public static MlflowException UnknownModel(string name) => MlflowException.NotFound($"Registered Model with name={name} not found");
}
