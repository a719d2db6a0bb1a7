using Slipway.Core;

namespace Slipway.Server.Trust;

/// <summary>Records when the list of served models is replaced.</summary>
internal sealed class AuditedModelListControl(IModelListControl inner, AuditRecorder recorder) : IModelListControl
{
    public Task ReplaceModelsAsync(IReadOnlyList<ConfiguredModel> models, CancellationToken cancellationToken) => recorder.RunAsync(
        "models.replace", new AuditSubject("models", string.Join(' ', models.Select(static model => model.Name))), () => inner.ReplaceModelsAsync(models, cancellationToken), cancellationToken);
}
