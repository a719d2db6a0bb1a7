using System.Collections.Concurrent;
using Slipway.Inference.Loading;

namespace Slipway.Inference.Versions;

/// <summary>
/// Where models are loaded: a few threads apart from the request path, so many models at a time and no more. What a request waits for goes before the rest.
/// A model is worked on by one lane at a time.
/// </summary>
internal sealed class LoadLane : IAsyncDisposable
{
    private readonly ConcurrentQueue<ModelState> _urgent = new();
    private readonly ConcurrentQueue<ModelState> _ordinary = new();
    private readonly SemaphoreSlim _items = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _parallelLoads;
    private readonly Func<ModelState, CancellationToken, Task> _work;
    private readonly Lock _startGate = new();
    private LaneScheduler? _scheduler;
    private Task _lanes = Task.CompletedTask;

    // What a server starts with is loaded at full speed, for nobody is served before; what comes later gives way to requests.
    private volatile bool _hasStarted;

    /// <param name="parallelLoads">Models worked on at the same time.</param>
    /// <param name="work">Brings one model to what is wished; throws only when stopped.</param>
    public LoadLane(int parallelLoads, Func<ModelState, CancellationToken, Task> work)
    {
        _parallelLoads = parallelLoads;
        _work = work;
    }

    /// <summary>Puts a model in the queue unless it is there or being worked on. The caller holds the model's gate and has signalled it.</summary>
    public void Enqueue(ModelState model, bool urgent)
    {
        if (model.Lane == LaneStatus.Running || (model.Lane == LaneStatus.Queued && !urgent))
        {
            return;
        }

        // An urgent model may stand in both queues; whichever lane comes second finds nothing to do.
        model.Lane = LaneStatus.Queued;
        (urgent ? _urgent : _ordinary).Enqueue(model);
        Scheduler();
        _items.Release();
    }

    /// <summary>Runs asynchronous work, such as freeing a model, on the lane's threads.</summary>
    public Task StartAsync(Func<Task> work) => Scheduler().StartAsync(work);

    /// <summary>Takes no more models and waits until those being worked on are done; then ends the threads.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _scheduler?.Dispose();
        _items.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Takes no more models and waits until those being worked on are done.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _lanes;
    }

    private LaneScheduler Scheduler()
    {
        lock (_startGate)
        {
            if (_scheduler is null)
            {
                LaneScheduler scheduler = _scheduler = new LaneScheduler("slipway-load", _parallelLoads, givesWay: false);
                _lanes = Task.WhenAll(Enumerable.Range(0, _parallelLoads).Select(_ => scheduler.StartAsync(RunAsync)));
            }

            return _scheduler;
        }
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _items.WaitAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if ((_urgent.TryDequeue(out ModelState? model) || _ordinary.TryDequeue(out model)) && TryBegin(model))
            {
                if (_hasStarted)
                {
                    LanePriority.Lower();
                }

                await _work(model, _stopping.Token);
                _hasStarted |= _items.CurrentCount == 0;
            }
        }
    }

    private static bool TryBegin(ModelState model)
    {
        lock (model.Gate)
        {
            if (model.Lane != LaneStatus.Queued)
            {
                return false;
            }

            model.Lane = LaneStatus.Running;
            return true;
        }
    }
}
