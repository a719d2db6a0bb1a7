using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Slipway.Core;

namespace Slipway.Inference.Repository;

/// <summary>
/// Several sources as one. A name that more than one of them has is a problem of that model: the first source's versions are named, and what is in service
/// stays until the clash is gone.
/// </summary>
public sealed class CompositeModelSource(IReadOnlyList<IModelSource> sources) : IModelSource
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<DesiredState> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<(int Source, DesiredState State)> changes = Channel.CreateUnbounded<(int, DesiredState)>(new() { SingleReader = true });
        Task[] readers = [.. sources.Select((source, index) => PumpAsync(source, index, changes.Writer, ended.Token))];
        try
        {
            DesiredState?[] states = new DesiredState?[sources.Count];
            while (await changes.Reader.WaitToReadAsync(cancellationToken))
            {
                while (changes.Reader.TryRead(out (int Source, DesiredState State) change))
                {
                    states[change.Source] = change.State;
                }

                // The first state is whole: half of it would look as if the rest had been taken away.
                if (states.All(static state => state is not null))
                {
                    yield return Merge(states!);
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(readers);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<DesiredState> RefreshAsync(CancellationToken cancellationToken)
    {
        DesiredState[] states = await Task.WhenAll(sources.Select(source => source.RefreshAsync(cancellationToken).AsTask()));
        return Merge(states);
    }

    private static async Task PumpAsync(IModelSource source, int index, ChannelWriter<(int, DesiredState)> changes, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (DesiredState state in source.WatchAsync(cancellationToken))
            {
                changes.TryWrite((index, state));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The watcher has left.
        }
        catch (Exception fault)
        {
            changes.TryComplete(fault);
        }
    }

    private static DesiredState Merge(IReadOnlyList<DesiredState> states)
    {
        Dictionary<string, DesiredModel> models = new(StringComparer.Ordinal);
        foreach (DesiredModel model in states.SelectMany(static state => state.Models.Values))
        {
            if (models.TryAdd(model.Name, model) || IsEmpty(model))
            {
                continue;
            }

            models[model.Name] = IsEmpty(models[model.Name])
                ? model
                : models[model.Name] with { Problem = $"more than one source (models folder, list of models, registry) has a model named '{model.Name}': rename it in one of them" };
        }

        return new DesiredState(models);
    }

    // What nobody asks to be served takes no name away.
    private static bool IsEmpty(DesiredModel model) => model.Versions.Count == 0 && model.Problem is null;
}
