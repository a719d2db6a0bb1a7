using Slipway.Core;

namespace Slipway.Server.Trust;

/// <summary>Records what is loaded and unloaded by hand, whichever protocol it came by.</summary>
internal sealed class AuditedModelControl(IModelControl inner, AuditRecorder recorder) : IModelControl
{
    public Task LoadAsync(string name, ModelConfig? config, CancellationToken cancellationToken) =>
        recorder.RunAsync("model.load", new AuditSubject("model", name), () => inner.LoadAsync(name, config, cancellationToken), cancellationToken);

    public Task UnloadAsync(string name, CancellationToken cancellationToken) =>
        recorder.RunAsync("model.unload", new AuditSubject("model", name), () => inner.UnloadAsync(name, cancellationToken), cancellationToken);

    public Task SetLabelsAsync(string name, IReadOnlyDictionary<string, long> labels, CancellationToken cancellationToken) =>
        recorder.RunAsync("model.labels", new AuditSubject("model", name), () => inner.SetLabelsAsync(name, labels, cancellationToken), cancellationToken);
}
