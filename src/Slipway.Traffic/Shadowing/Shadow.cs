using System.Threading.Channels;
using Slipway.Core;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Shadowing;

/// <summary>
/// One shadow at work. Callers only copy and enqueue, and drop the copy when the queue is full; runners of its own do the rest, so that the shadow can neither
/// slow nor fail what callers get. Runners start with the first copy. Thread-safe.
/// </summary>
internal sealed class Shadow : IAsyncDisposable
{
    private readonly IInferenceService _inner;
    private readonly SeededRandom _random;
    private readonly TimeProvider _time;
    private readonly Channel<ShadowJob> _queue;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _runners;

    public Shadow(ShadowDefinition definition, IInferenceService inner, SeededRandom random, TimeProvider time, ShadowMeter? meter = null)
    {
        Definition = definition;
        Meter = meter ?? new ShadowMeter();
        (_inner, _random, _time) = (inner, random, time);
        _queue = Channel.CreateBounded<ShadowJob>(new BoundedChannelOptions(definition.Queue) { FullMode = BoundedChannelFullMode.Wait });
        _runners = new Lazy<Task>(() => Task.WhenAll(Enumerable.Range(0, definition.Concurrency).Select(_ => RunAsync())));
    }

    /// <summary>What the shadow is.</summary>
    public ShadowDefinition Definition { get; }

    /// <summary>What it has done.</summary>
    public ShadowMeter Meter { get; }

    /// <summary>Takes a copy of an answered request, if it falls into the sample.</summary>
    public void Offer(InferenceRequest request, InferenceResponse response)
    {
        if (Definition.Sample < 100 && _random.NextDouble() * 100 >= Definition.Sample)
        {
            return;
        }

        if (ShadowJob.SizeOf(request, response) > Definition.MaxBytes || _queue.Reader.Count >= Definition.Queue)
        {
            Meter.Dropped();
            return;
        }

        ShadowJob job = ShadowJob.Copy(request, response, Definition.Model, Definition.Version);
        if (!_queue.Writer.TryWrite(job))
        {
            job.Dispose();
            Meter.Dropped();
            return;
        }

        _ = _runners.Value;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        if (_runners.IsValueCreated)
        {
            await _runners.Value;
        }

        while (_queue.Reader.TryRead(out ShadowJob? left))
        {
            left.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        // Never on the thread of the request that happened to start the runner.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await foreach (ShadowJob job in _queue.Reader.ReadAllAsync(_stopping.Token))
            {
                using (job)
                {
                    await RunAsync(job);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The shadow was taken away.
        }
    }

    private async Task RunAsync(ShadowJob job)
    {
        using CancellationTokenSource limit = new(Definition.Timeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        long started = _time.GetTimestamp();
        try
        {
            using InferenceResponse response = await _inner.InferAsync(job.Request, either.Token);
            Meter.Compared(OutputComparison.Compare(job.Primary, response.Outputs, Definition.Tolerance), _time.GetElapsedTime(started));
        }
        catch (Exception) when (!_stopping.IsCancellationRequested)
        {
            // Whatever a shadow does wrong is a figure, nobody's failure.
            Meter.Failed();
        }
        catch (Exception exception) when (exception is OperationCanceledException or SlipwayException)
        {
            // The shadow was taken away while it ran.
        }
    }
}
