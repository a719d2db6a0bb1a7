using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Slipway.Core;

namespace Slipway.TestKit.Fakes;

/// <summary>A model source that says what the test tells it to. Thread-safe.</summary>
public sealed class FakeModelSource : IModelSource
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DesiredModel> _models = new(StringComparer.Ordinal);
    private readonly Channel<DesiredState> _changes = Channel.CreateUnbounded<DesiredState>();

    /// <summary>Sets a model without telling anybody: what a refresh, or the first look, finds.</summary>
    public FakeModelSource With(string name, ModelConfig? config = null, params (long Version, string Token)[] versions) =>
        With(new DesiredModel(name, config ?? ModelConfig.Default, versions.ToDictionary(
            static pair => pair.Version, static ModelArtifact (pair) => new FakeArtifact(pair.Token))));

    /// <summary>Sets a model without telling anybody.</summary>
    public FakeModelSource With(DesiredModel model)
    {
        lock (_gate)
        {
            _models[model.Name] = model;
        }

        return this;
    }

    /// <summary>Drops a model without telling anybody.</summary>
    public FakeModelSource Without(string name)
    {
        lock (_gate)
        {
            _models.Remove(name);
        }

        return this;
    }

    /// <summary>Tells what there is now.</summary>
    public void Push() => _changes.Writer.TryWrite(State());

    public async IAsyncEnumerable<DesiredState> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return State();
        await foreach (DesiredState state in _changes.Reader.ReadAllAsync(cancellationToken))
        {
            yield return state;
        }
    }

    public ValueTask<DesiredState> RefreshAsync(CancellationToken cancellationToken) => ValueTask.FromResult(State());

    private DesiredState State()
    {
        lock (_gate)
        {
            return new DesiredState(new Dictionary<string, DesiredModel>(_models, StringComparer.Ordinal));
        }
    }
}
