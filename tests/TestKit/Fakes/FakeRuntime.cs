using System.Collections.Concurrent;
using System.Text;
using Slipway.Core;

namespace Slipway.TestKit.Fakes;

/// <summary>
/// A runtime whose loads and models are the test's: by default every version is <see cref="FakeModelDefinition.Sums"/>. Thread-safe.
/// </summary>
public sealed class FakeRuntime : IModelRuntime
{
    private readonly ConcurrentQueue<FakeModel> _models = new();

    public string Name => "fake";

    /// <summary>What is made of a change token; throws to refuse the load.</summary>
    public Func<string, FakeModelDefinition> Define { get; set; } = static _ => FakeModelDefinition.Sums;

    /// <summary>Runs in each load before the model is made, on the loading thread.</summary>
    public Func<string, CancellationToken, Task> BeforeLoad { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>Every model made, oldest first.</summary>
    public IReadOnlyCollection<FakeModel> Models => _models;

    /// <summary>Names of the threads that loaded.</summary>
    public ConcurrentQueue<string?> LoadThreads { get; } = new();

    public async ValueTask<ILoadedModel> LoadAsync(PreparedModel model, EngineConfig config, CancellationToken cancellationToken)
    {
        string token = Encoding.UTF8.GetString(model.Model.Bytes.Span);
        LoadThreads.Enqueue(Thread.CurrentThread.Name);
        await BeforeLoad(token, cancellationToken);
        FakeModel made = new(Define(token), token);
        _models.Enqueue(made);
        return made;
    }
}
