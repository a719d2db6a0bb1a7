using System.Collections.Concurrent;
using Slipway.Core;
using Slipway.Inference.Statistics;
using Slipway.Inference.Telemetry;

namespace Slipway.Inference.Caching;

/// <summary>
/// Answers of one version, kept so that the same question is not run twice; and while one caller runs a question, others that ask the same wait for its answer.
/// Failures are not kept, and each caller gets its own. Goes with the version. Thread-safe.
/// </summary>
internal sealed class ResponseCache(ResponseCacheConfig config, ServableStatistics statistics, ServableMetrics metrics, TimeProvider time)
{
    private readonly AnswerStore _store = new(config.MaxBytes);
    private readonly ConcurrentDictionary<CacheKey, TaskCompletionSource<CachedAnswer?>> _running = new();
    private readonly long _lifetime = config.TimeToLive is { } longest ? (long)(longest.TotalSeconds * time.TimestampFrequency) : long.MaxValue;

    /// <summary>Bytes of answers kept now.</summary>
    public long Bytes => _store.Bytes;

    /// <summary>The kept answer, or that of <paramref name="run"/>.</summary>
    /// <param name="servable">The version, by the signature that is asked.</param>
    /// <param name="request">The question.</param>
    /// <param name="started">When it arrived.</param>
    /// <param name="run">Runs the model for this request.</param>
    /// <param name="cancellationToken">The caller went away.</param>
    public async ValueTask<InferenceResponse> GetOrRunAsync(
        ServableInfo servable,
        InferenceRequest request,
        long started,
        Func<InferenceRequest, long, CancellationToken, ValueTask<InferenceResponse>> run,
        CancellationToken cancellationToken)
    {
        CacheKey key = CacheKey.Of(servable, request);
        string result = "hit";
        while (true)
        {
            long now = time.GetTimestamp();
            if (_store.TryGet(key, now, out CachedAnswer? kept))
            {
                return Hit(servable, kept, started, result);
            }

            TaskCompletionSource<CachedAnswer?> mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource<CachedAnswer?> first = _running.GetOrAdd(key, mine);
            if (ReferenceEquals(first, mine))
            {
                if (_store.TryGet(key, now, out kept))
                {
                    // Whoever ran it finished between our two looks.
                    _running.TryRemove(key, out _);
                    mine.TrySetResult(kept);
                    return Hit(servable, kept, started, result);
                }

                statistics.CacheMiss(time.GetTimestamp() - started);
                metrics.CacheLookup("miss");
                return await RunAsync(key, mine, request, started, run, cancellationToken);
            }

            result = "shared";
            if (await WaitAsync(first.Task, request, cancellationToken) is { } shared)
            {
                return Hit(servable, shared, started, result);
            }

            // The first caller failed or went away: somebody else runs it, perhaps this one.
        }
    }

    private async ValueTask<InferenceResponse> RunAsync(
        CacheKey key,
        TaskCompletionSource<CachedAnswer?> mine,
        InferenceRequest request,
        long started,
        Func<InferenceRequest, long, CancellationToken, ValueTask<InferenceResponse>> run,
        CancellationToken cancellationToken)
    {
        CachedAnswer? answer = null;
        try
        {
            InferenceResponse response = await run(request, started, cancellationToken);
            answer = CachedAnswer.CopyOf(response, _lifetime == long.MaxValue ? long.MaxValue : time.GetTimestamp() + _lifetime);
            _store.Add(key, answer);
            return response;
        }
        finally
        {
            // Kept before it is no longer running: whoever asks in between finds it in one place or the other.
            _running.TryRemove(key, out _);
            mine.TrySetResult(answer);
        }
    }

    private async ValueTask<CachedAnswer?> WaitAsync(Task<CachedAnswer?> answer, InferenceRequest request, CancellationToken cancellationToken)
    {
        TimeSpan patience = Timeout.InfiniteTimeSpan;
        if (request.Deadline is { } deadline)
        {
            TimeSpan left = time.GetElapsedTime(time.GetTimestamp(), deadline);
            patience = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        try
        {
            return await answer.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new SlipwayException(ErrorCode.DeadlineExceeded, "Request timeout expired", exception);
        }
        catch (OperationCanceledException exception)
        {
            throw new SlipwayException(ErrorCode.Cancelled, $"the request to model '{request.ModelName}' was cancelled", exception);
        }
    }

    private InferenceResponse Hit(ServableInfo servable, CachedAnswer answer, long started, string result)
    {
        long end = time.GetTimestamp();
        statistics.CacheHit(end, end - started);
        metrics.CacheLookup(result);
        metrics.Succeeded(end - started);
        return answer.ToResponse(servable);
    }
}
