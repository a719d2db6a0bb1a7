using Slipway.Core;

namespace Slipway.Traffic.Arms;

/// <summary>Asks the version behind an arm: circuit, timeout, retries, counts. Thread-safe.</summary>
internal sealed class ArmRunner(IInferenceService inner, TimeProvider time)
{
    /// <summary>Whether a failure lies with the arm, so that another may stand in: what the caller did wrong would be wrong anywhere.</summary>
    public static bool IsArmsOwn(ErrorCode code) => code is ErrorCode.Internal or ErrorCode.ModelNotFound or ErrorCode.VersionNotFound or ErrorCode.ModelNotReady
        or ErrorCode.ModelFailed or ErrorCode.InvalidModel or ErrorCode.Overloaded or ErrorCode.DeadlineExceeded or ErrorCode.FailedPrecondition;

    /// <summary>Runs a request.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="request">The caller's request, whatever model it names.</param>
    /// <param name="use">Why this arm.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async ValueTask<InferenceResponse> RunAsync(Arm arm, InferenceRequest request, ArmUse use, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        arm.Meter.Started(use);
        if (arm.Breaker is { } breaker && !breaker.TryEnter())
        {
            arm.Meter.Refused();
            arm.Meter.Failed(use, ErrorCode.ModelNotReady);
            arm.Metrics?.Record(ErrorCode.ModelNotReady, time.GetElapsedTime(started));
            throw new SlipwayException(ErrorCode.ModelNotReady, $"arm '{arm.Definition.Name}' has failed too often and rests for {arm.Definition.Breaker!.OpenFor.TotalSeconds:0.###} s");
        }

        bool? failed = null;
        try
        {
            InferenceRequest redirected = request.To(arm.Definition.Model, arm.Definition.Version);
            InferenceResponse response = await TryAsync(arm, redirected, cancellationToken);
            TimeSpan duration = time.GetElapsedTime(started);
            arm.Meter.Answered(use, duration);
            arm.Metrics?.Record(null, duration);
            failed = false;
            return response;
        }
        catch (Exception exception)
        {
            ErrorCode code = CodeOf(exception);
            arm.Meter.Failed(use, code);
            arm.Metrics?.Record(code, time.GetElapsedTime(started));
            failed = IsArmsOwn(code) ? true : null;
            throw;
        }
        finally
        {
            arm.Breaker?.Report(failed);
        }
    }

    /// <summary>The code of a failure.</summary>
    public static ErrorCode CodeOf(Exception exception) => exception switch
    {
        SlipwayException failure => failure.Code,
        OperationCanceledException => ErrorCode.Cancelled,
        _ => ErrorCode.Internal,
    };

    private async ValueTask<InferenceResponse> TryAsync(Arm arm, InferenceRequest request, CancellationToken cancellationToken)
    {
        TimeSpan pause = arm.Definition.RetryDelay;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return arm.Definition.Timeout is { } timeout
                    ? await RunBoundedAsync(arm, request, timeout, cancellationToken)
                    : await inner.InferAsync(request, cancellationToken);
            }
            catch (Exception exception) when (attempt < arm.Definition.Attempts && MayPass(CodeOf(exception)) && !cancellationToken.IsCancellationRequested)
            {
                arm.Meter.Retried();
            }

            await Task.Delay(pause, time, cancellationToken);
            pause *= 2;
        }
    }

    private async ValueTask<InferenceResponse> RunBoundedAsync(Arm arm, InferenceRequest request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await inner.InferAsync(request, either.Token);
        }
        catch (Exception exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested && CodeOf(exception) == ErrorCode.Cancelled)
        {
            throw new SlipwayException(
                ErrorCode.DeadlineExceeded, $"arm '{arm.Definition.Name}' did not answer within {timeout.TotalMilliseconds:0.###} ms", exception);
        }
    }

    private static bool MayPass(ErrorCode code) => code is ErrorCode.Internal or ErrorCode.ModelFailed or ErrorCode.ModelNotReady or ErrorCode.Overloaded or ErrorCode.DeadlineExceeded;
}
